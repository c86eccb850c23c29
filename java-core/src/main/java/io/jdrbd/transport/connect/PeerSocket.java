package io.jdrbd.transport.connect;

import io.jdrbd.transport.PeerStream;
import io.jdrbd.transport.StreamKind;
import java.net.InetAddress;

/** A socket of a {@link SocketLayer}, before and after it is a stream of a connection. */
public interface PeerSocket extends PeerStream, Candidate {
  /** Who is at the other end. */
  InetAddress remoteAddress();

  /** What this stream is for is known now: socket options that depend on it are set. */
  void become(StreamKind kind);

  @Override
  default void begin(StreamKind kind) {
    become(kind);
    FirstPacket.send(this, kind);
  }

  @Override
  void close();
}
