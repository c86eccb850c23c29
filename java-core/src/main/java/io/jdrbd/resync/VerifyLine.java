package io.jdrbd.resync;

/** The way of what a verify says to the peer, while one connection stands. */
public interface VerifyLine {
  /**
   * Asks for the digest of a block (P_OV_REQUEST).
   *
   * @param id comes back in the answer where the protocol has it
   */
  void verify(int volume, long id, long offsetBytes, int lengthBytes);

  /** Answers with the digest of a block (P_OV_REPLY). */
  void digest(int volume, long id, long offsetBytes, int lengthBytes, byte[] digest);

  /** Says what came of it (P_OV_RESULT). */
  void verified(int volume, long id, long offsetBytes, int lengthBytes, VerifyResult result);

  /** Says that the block cannot be compared now (P_RS_CANCEL). */
  void cancel(int volume, long id, long offsetBytes, int lengthBytes);

  /** Whether more can be asked for without filling the send queue. */
  boolean isWritable();
}
