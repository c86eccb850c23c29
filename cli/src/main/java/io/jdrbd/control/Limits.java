package io.jdrbd.control;

/** The bounds of the control protocol. */
public final class Limits {
  /** The version that both sides speak. */
  public static final int VERSION = 1;

  /** The longest request, in bytes without the line feed. */
  public static final int REQUEST_BYTES_MAX = 64 * 1024;

  /** The longest reply or event, in bytes without the line feed. */
  public static final int MESSAGE_BYTES_MAX = 16 * 1024 * 1024;

  /** How many clients may be connected at once; more are told so and hung up on. */
  public static final int CLIENTS_MAX = 256;

  /** How many bytes may wait for a client that does not read before it is cut off. */
  public static final int BACKLOG_BYTES_MAX = 4 * 1024 * 1024;

  private Limits() {}
}
