package io.jdrbd.resource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What values an option takes (spec 7, section 5.1). Values are kept as text in canonical form. */
public sealed interface OptionType {

  /** The value in canonical form, or empty if it is not acceptable. */
  Optional<String> canonical(String value);

  /** What would be acceptable, for a person. */
  String accepts();

  /** {@code yes} or {@code no}. */
  record Bool() implements OptionType {
    @Override
    public Optional<String> canonical(String value) {
      return Optional.of(value).filter(List.of("yes", "no")::contains);
    }

    @Override
    public String accepts() {
      return "yes|no";
    }
  }

  /**
   * One of some words.
   *
   * @param anyCase whether capital and small letters count the same
   */
  record Choice(List<String> words, boolean anyCase) implements OptionType {
    public Choice {
      words = List.copyOf(words);
    }

    Choice(List<String> words) {
      this(words, false);
    }

    @Override
    public Optional<String> canonical(String value) {
      return words.stream()
          .filter(word -> anyCase ? word.equalsIgnoreCase(value) : word.equals(value))
          .findFirst();
    }

    @Override
    public String accepts() {
      return String.join("|", words);
    }
  }

  /** Any text up to a length in bytes of UTF-8. */
  record Text(int bytesMax) implements OptionType {
    @Override
    public Optional<String> canonical(String value) {
      int bytes = value.getBytes(StandardCharsets.UTF_8).length;
      return Optional.of(value).filter(text -> bytes <= bytesMax);
    }

    @Override
    public String accepts() {
      return "up to " + bytesMax + " bytes";
    }
  }

  /** The serial number of a key in one of the kernel's keyrings. */
  record Key() implements OptionType {
    private static final int DIGITS_MAX = 10;

    @Override
    public Optional<String> canonical(String value) {
      return Optional.of(value).filter(text -> text.matches("\\d{0," + DIGITS_MAX + "}"));
    }

    @Override
    public String accepts() {
      return "key-serial";
    }
  }

  /**
   * A number in a unit.
   *
   * @param words symbols that stand for themselves, beside the numbers
   */
  record Numeric(long min, long max, SizeUnit unit, List<String> words) implements OptionType {
    public Numeric {
      words = List.copyOf(words);
    }

    @Override
    public Optional<String> canonical(String value) {
      if (words.contains(value)) {
        return Optional.of(value);
      }
      return unit.parse(value)
          .filter(number -> number >= min && number <= max)
          .map(number -> Long.toString(number));
    }

    @Override
    public String accepts() {
      String range = "(%d ... %d)".formatted(min, max);
      return words.isEmpty() ? range : String.join("|", words) + "|" + range;
    }
  }
}
