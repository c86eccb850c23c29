package io.jdrbd.nbd.server;

/** An address on which the server accepts clients. */
public interface NbdListener {

  /** Where it listens; a TCP port of 0 has become the real one. */
  NbdAddress address();

  /**
   * Stops accepting; clients that are connected stay. A Unix socket's file is removed. May be
   * called on any thread and more than once.
   */
  void close();
}
