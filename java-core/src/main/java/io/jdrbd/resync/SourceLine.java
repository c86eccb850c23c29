package io.jdrbd.resync;

import io.jdrbd.buffer.PooledBuffer;

/** The way of a resync source's answers to its target, while one connection stands. */
public interface SourceLine {
  /**
   * Sends data (P_RS_DATA_REPLY).
   *
   * @param id the target's
   * @param data holds the data from its start; the line keeps a reference of its own
   */
  void reply(int volume, long id, long offsetBytes, int lengthBytes, PooledBuffer data);

  /** Says that the range reads as zeroes (P_RS_DEALLOCATED); is acknowledged like data. */
  void deallocated(int volume, long id, long offsetBytes, int lengthBytes);

  /** Says that the data has the digest that was sent (P_RS_IS_IN_SYNC); there is no ack of it. */
  void inSync(int volume, long id, long offsetBytes, int lengthBytes);

  /** Says that the data could not be read (P_NEG_RS_DREPLY). */
  void failed(int volume, long id, long offsetBytes, int lengthBytes);

  /** Says that the target should ask again later (P_RS_CANCEL). */
  void cancel(int volume, long id, long offsetBytes, int lengthBytes);
}
