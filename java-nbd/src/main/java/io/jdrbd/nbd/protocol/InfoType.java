package io.jdrbd.nbd.protocol;

import java.util.Map;
import java.util.Optional;

/** Facts about an export that INFO and GO may ask for ({@code NBD_INFO_*}). */
public enum InfoType implements WireNumber {
  /** Size and transmission flags; always sent. */
  EXPORT(0),
  /** The export's canonical name. */
  NAME(1),
  /** One line for people. */
  DESCRIPTION(2),
  /** Smallest, preferred and largest block. */
  BLOCK_SIZE(3);

  private static final Map<Integer, InfoType> BY_NUMBER = WireNumber.index(values());

  private final int number;

  InfoType(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }

  /** The type of a number, if the server knows it. */
  public static Optional<InfoType> of(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }
}
