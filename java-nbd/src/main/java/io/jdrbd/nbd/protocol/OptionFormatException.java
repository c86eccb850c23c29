package io.jdrbd.nbd.protocol;

/** An option whose data cannot be understood: answered with {@link OptionReply#ERR_INVALID}. */
public final class OptionFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  public OptionFormatException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
