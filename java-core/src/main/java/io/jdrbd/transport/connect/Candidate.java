package io.jdrbd.transport.connect;

import io.jdrbd.transport.StreamKind;

/** A socket that may become one of the two streams, as {@link ConnectLoop} sees it. */
public interface Candidate {
  /** Whether it stands as far as this node knows: neither side has closed it, it is not broken. */
  boolean isEstablished();

  /** Makes a socket that this node has dialled this stream: sends the first packet. */
  void begin(StreamKind kind);

  /** Ends it at once. */
  void close();
}
