package io.jdrbd.transport.connect;

/** Why an address cannot be listened on (spec 1.4.2). */
public final class ListenException extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean addressMissing;

  /**
   * @param addressMissing this machine does not have the address now, which may change; anything
   *     else does not by waiting
   * @param message with address and cause
   */
  public ListenException(boolean addressMissing, String message) {
    super(message);
    this.addressMissing = addressMissing;
  }

  /** Whether to wait until this machine has the address. */
  public boolean addressMissing() {
    return addressMissing;
  }
}
