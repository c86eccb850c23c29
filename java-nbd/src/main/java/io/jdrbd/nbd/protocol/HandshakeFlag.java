package io.jdrbd.nbd.protocol;

/** Flags by which server and client greet each other; both directions use the same bits. */
public enum HandshakeFlag {
  /** Options are answered, so that the client may try them. */
  FIXED_NEWSTYLE(0),
  /** No 124 zero bytes after EXPORT_NAME. */
  NO_ZEROES(1);

  /** All flags that the server offers, and that it accepts from a client. */
  public static final int ALL = FIXED_NEWSTYLE.bit() | NO_ZEROES.bit();

  private final int bit;

  HandshakeFlag(int position) {
    this.bit = 1 << position;
  }

  public int bit() {
    return bit;
  }

  /** Whether the flag is set among these. */
  public boolean isIn(int flags) {
    return (flags & bit) != 0;
  }
}
