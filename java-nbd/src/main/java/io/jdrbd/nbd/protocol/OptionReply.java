package io.jdrbd.nbd.protocol;

import java.util.Map;
import java.util.Optional;

/** How the server answers an option ({@code NBD_REP_*}). */
public enum OptionReply implements WireNumber {
  /** Done; the last answer to its option. */
  ACK(1),
  /** One export's name. */
  SERVER(2),
  /** One fact about an export. */
  INFO(3),
  /** One metadata context. */
  META_CONTEXT(4),
  /** The option is not known. */
  ERR_UNSUP(0x80000001),
  /** The server's rules forbid it. */
  ERR_POLICY(0x80000002),
  /** The option's data is malformed, or it does not fit what was agreed before. */
  ERR_INVALID(0x80000003),
  /** It cannot be done on this machine or in this state. */
  ERR_PLATFORM(0x80000004),
  /** TLS must be started first. */
  ERR_TLS_REQD(0x80000005),
  /** There is no such export. */
  ERR_UNKNOWN(0x80000006),
  /** The server is shutting down. */
  ERR_SHUTDOWN(0x80000007),
  /** The client must agree to the block sizes. */
  ERR_BLOCK_SIZE_REQD(0x80000008),
  /** The option's data is too long. */
  ERR_TOO_BIG(0x80000009),
  /** Extended headers were agreed on, or are needed. */
  ERR_EXT_HEADER_REQD(0x8000000a);

  private static final Map<Integer, OptionReply> BY_NUMBER = WireNumber.index(values());

  private final int number;

  OptionReply(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }

  /** Whether it is one of {@code NBD_REP_ERR_*}. */
  public boolean isError() {
    return number < 0;
  }

  /** The reply of a number. */
  public static Optional<OptionReply> of(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }
}
