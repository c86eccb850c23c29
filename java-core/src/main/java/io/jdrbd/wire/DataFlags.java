package io.jdrbd.wire;

/** The {@code dp_flags} of P_DATA, P_TRIM and P_ZEROES (spec 2.5). */
public final class DataFlags {
  /** The application marked the write synchronous. */
  public static final int RW_SYNC = 0x002;

  /** The receiver may clear its bits when the write succeeds. */
  public static final int MAY_SET_IN_SYNC = 0x004;

  /** The write must be on stable media before it counts as written; from version 95. */
  public static final int FUA = 0x010;

  /** Flush the device before this write; from version 95. */
  public static final int FLUSH = 0x020;

  /** A discard; with {@link #ZEROES}: zeroes, and deallocation is allowed. */
  public static final int DISCARD = 0x040;

  /** Answer with P_RECV_ACK; from version 100. */
  public static final int SEND_RECEIVE_ACK = 0x080;

  /** Answer with a write ack; from version 100. */
  public static final int SEND_WRITE_ACK = 0x100;

  /** Never sent; breaks the connection. */
  public static final int WSAME = 0x200;

  /** The range must read as zeroes. */
  public static final int ZEROES = 0x400;

  private DataFlags() {}
}
