package io.jdrbd.nbd.protocol;

/** Which kind of headers was agreed on in the handshake. */
public enum ReplyMode {
  /** Compact requests, simple replies to everything. */
  SIMPLE,
  /** Compact requests, structured replies where the protocol wants them. */
  STRUCTURED,
  /** Extended requests and extended replies. */
  EXTENDED;

  /** Whether replies consist of chunks. */
  public boolean chunked() {
    return this != SIMPLE;
  }

  public boolean extended() {
    return this == EXTENDED;
  }
}
