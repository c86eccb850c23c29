package io.jdrbd.nbd.server;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.loop.EpollLoop;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * What the connections of a server share.
 *
 * @param connections all that have not ended
 * @param tlsWork where the expensive steps of TLS handshakes run
 */
record ServerContext(
    EpollLoop loop,
    BufferPool pool,
    NbdServerOptions options,
    ExportRegistry registry,
    ClientListener listener,
    Set<Connection> connections,
    Executor tlsWork) {}
