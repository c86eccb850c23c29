package io.jdrbd.resource;

/**
 * One option of a resource, a disk or a connection. The enums that implement this list options in
 * the order in which {@code show} prints them.
 */
public interface NamedOption {

  /** What it is called, takes and means when it is not set. */
  OptionSpec spec();

  /** Its name. */
  default String word() {
    return spec().word();
  }

  /** What it accepts. */
  default OptionType type() {
    return spec().type();
  }

  /** Its value when not set. */
  default String defaultValue() {
    return spec().defaultValue();
  }

  /** The unit as {@code show} names it; empty for none. */
  default String unitWord() {
    return spec().unitWord();
  }
}
