package io.jdrbd.replication;

import io.jdrbd.disk.DiskRequest;

/**
 * The way of this node's requests to one peer, for all volumes of the resource, as long as one
 * connection stands. What is handed in leaves in this order. Nothing is called back from within.
 */
public interface WriteLine {
  /**
   * Sends a write, discard or write of zeroes (spec 2.4.1, 2.4.2).
   *
   * @param volume its number
   * @param id comes back in the ack
   * @param content what to write and where; the line keeps its own reference to the buffer
   * @param duringResync the peer may take its mark away when it has written
   */
  void write(int volume, long id, DiskRequest content, boolean duringResync);

  /** Ends an epoch that has at least one write on this line (spec 2.11.1). */
  void barrier(int epoch);

  /** Says that the range changes here and is not sent (spec 2.4.7). */
  void outOfSync(int volume, long offsetBytes, long lengthBytes);

  /** Whether the peer is told positions in the stream of changes (spec 2.14). */
  boolean tellsPositions();

  /** Says where in the stream of changes the next write begins. */
  void position(long dagtag);

  /**
   * Says who has the writes up to a position.
   *
   * @param nodes bit n: node n
   */
  void peerAck(long nodes, long dagtag);

  /** Asks the peer to read (spec 2.22). */
  void readRequest(int volume, long id, long offsetBytes, int lengthBytes);

  /**
   * Calls back, later, when all that was handed in until now lies in the socket's buffer; never, if
   * the connection ends before. Under protocol A a write is done by that.
   */
  void whenHandedOver(Runnable then);
}
