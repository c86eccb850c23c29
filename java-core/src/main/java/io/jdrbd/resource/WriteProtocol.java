package io.jdrbd.resource;

/** When a write is complete (spec 7, section 5.2, {@code protocol}). */
public enum WriteProtocol {
  /** It is on the own disk and has been sent. */
  A(1),
  /** It is on the own disk and the peer has received it. */
  B(2),
  /** It is on the own disk and on the peer's. */
  C(3);

  private final int number;

  WriteProtocol(int number) {
    this.number = number;
  }

  /** Its number on the wire. */
  public int number() {
    return number;
  }
}
