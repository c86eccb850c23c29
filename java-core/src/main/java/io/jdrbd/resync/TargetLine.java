package io.jdrbd.resync;

/** The way of a resync target's requests and acks to its source, while one connection stands. */
public interface TargetLine {
  /**
   * Asks for data (P_RS_DATA_REQUEST and its kin).
   *
   * @param id comes back in the answer where the protocol has it
   */
  void request(int volume, long id, long offsetBytes, int lengthBytes);

  /** Asks for data, or word that it reads as zeroes (P_RS_THIN_REQ). */
  void requestThin(int volume, long id, long offsetBytes, int lengthBytes);

  /** Asks for data unless it has this digest (P_CSUM_RS_REQUEST). */
  void requestUnlessEqual(int volume, long id, long offsetBytes, int lengthBytes, byte[] digest);

  /**
   * Says that an answer was written, or could not be.
   *
   * @param written whether it is on the disk
   */
  void ack(int volume, long id, long offsetBytes, int lengthBytes, boolean written);

  /** Whether more can be asked for without filling the send queue. */
  boolean isWritable();
}
