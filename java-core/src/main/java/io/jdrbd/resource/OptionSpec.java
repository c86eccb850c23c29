package io.jdrbd.resource;

import java.util.List;

/**
 * The declaration of an option.
 *
 * @param word its name
 * @param type what it accepts
 * @param defaultValue its value when not set, in canonical form
 * @param unitWord the unit as {@code show} names it; empty for none
 * @param immutable whether it can be given only when the object is created
 * @param secret whether its value is kept out of logs
 */
public record OptionSpec(
    String word,
    OptionType type,
    String defaultValue,
    String unitWord,
    boolean immutable,
    boolean secret) {

  static OptionSpec bool(String word, boolean defaultValue) {
    return declare(word, new OptionType.Bool(), defaultValue ? "yes" : "no");
  }

  /**
   * An option that takes one of some words.
   *
   * @param words the first is the default
   */
  static OptionSpec choice(String word, String... words) {
    return declare(word, new OptionType.Choice(List.of(words)), words[0]);
  }

  static OptionSpec text(String word, int bytesMax) {
    return declare(word, new OptionType.Text(bytesMax), "");
  }

  static OptionSpec number(String word, long min, long max, long defaultValue) {
    return declare(
        word,
        new OptionType.Numeric(min, max, SizeUnit.ONE, List.of()),
        Long.toString(defaultValue));
  }

  /** A number that counts in a unit unless it has a suffix. */
  static OptionSpec size(String word, long min, long max, long defaultValue, SizeUnit unit) {
    return declare(
        word, new OptionType.Numeric(min, max, unit, List.of()), Long.toString(defaultValue));
  }

  static OptionSpec declare(String word, OptionType type, String defaultValue) {
    return new OptionSpec(word, type, defaultValue, "", false, false);
  }

  /** The same, with another default. */
  OptionSpec withDefault(String value) {
    return new OptionSpec(word, type, value, unitWord, immutable, secret);
  }

  /** The same, with a unit for people. */
  OptionSpec in(String unit) {
    return new OptionSpec(word, type, defaultValue, unit, immutable, secret);
  }

  /** The same, to be given only when the object is created. */
  OptionSpec atCreationOnly() {
    return new OptionSpec(word, type, defaultValue, unitWord, true, secret);
  }

  /** The same, never to be logged. */
  OptionSpec keptSecret() {
    return new OptionSpec(word, type, defaultValue, unitWord, immutable, true);
  }
}
