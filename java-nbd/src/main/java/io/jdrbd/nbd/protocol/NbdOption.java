package io.jdrbd.nbd.protocol;

import java.util.Map;
import java.util.Optional;

/** What a client may ask for in the handshake ({@code NBD_OPT_*}). */
public enum NbdOption implements WireNumber {
  /** Choose an export and begin transmission; no error can be reported. */
  EXPORT_NAME(1),
  /** End the handshake without an export. */
  ABORT(2),
  /** Name the exports. */
  LIST(3),
  /** Continue under TLS. */
  STARTTLS(5),
  /** Describe an export. */
  INFO(6),
  /** Describe an export and begin transmission. */
  GO(7),
  /** Replies to reads come in chunks. */
  STRUCTURED_REPLY(8),
  /** Name the metadata contexts that match the queries. */
  LIST_META_CONTEXT(9),
  /** Choose metadata contexts for block status. */
  SET_META_CONTEXT(10),
  /** Headers of 32 bytes with 64-bit lengths. */
  EXTENDED_HEADERS(11);

  private static final Map<Integer, NbdOption> BY_NUMBER = WireNumber.index(values());

  private final int number;

  NbdOption(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }

  /** The option of a number, if the server knows it. */
  public static Optional<NbdOption> of(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }
}
