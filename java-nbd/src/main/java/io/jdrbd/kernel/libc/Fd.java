package io.jdrbd.kernel.libc;

/** A file descriptor that is closed once, or handed to somebody else who closes it. */
public final class Fd implements AutoCloseable {
  private static final int CLOSED = -1;

  private int number;

  Fd(int number) {
    this.number = number;
  }

  /** The number; must not be called after {@link #close} or {@link #handOver}. */
  public synchronized int number() {
    if (number == CLOSED) {
      throw new IllegalStateException("file descriptor is closed or was handed over");
    }
    return number;
  }

  /** Answers the number and forgets it: from now on the caller must see that it is closed. */
  public synchronized int handOver() {
    int handedOver = number();
    number = CLOSED;
    return handedOver;
  }

  /** Closes it, unless that was done or it was handed over. */
  @Override
  public synchronized void close() {
    if (number != CLOSED) {
      SystemCalls.close(number);
      number = CLOSED;
    }
  }
}
