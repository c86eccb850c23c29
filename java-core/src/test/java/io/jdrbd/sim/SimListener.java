package io.jdrbd.sim;

import io.jdrbd.transport.TransportOptions;
import io.jdrbd.transport.connect.PeerSocket;
import java.util.function.Consumer;

/** Somebody listens. */
record SimListener(SimSockets sockets, TransportOptions options, Consumer<PeerSocket> accepted) {}
