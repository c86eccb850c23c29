package io.jdrbd.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * JSON as {@code drbdsetup show} lays it out: four blanks for each level, one member or element a
 * line. A key may occur twice, as it does there.
 */
sealed interface JsonLayout {
  /** What each level is indented by. */
  String LEVEL = "    ";

  /** Its text; lines but the first begin with the indent. */
  String at(String indent);

  /** A string, number or word, ready to print. */
  record Value(String text) implements JsonLayout {
    @Override
    public String at(String indent) {
      return text;
    }
  }

  /** An object. */
  record Members(List<String> keys, List<JsonLayout> values) implements JsonLayout {
    Members() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    Members with(String key, JsonLayout value) {
      keys.add(key);
      values.add(value);
      return this;
    }

    Members with(String key, String text) {
      return with(key, new Value(quoted(text)));
    }

    Members with(String key, long number) {
      return with(key, new Value(Long.toString(number)));
    }

    Members with(String key, boolean value) {
      return with(key, new Value(Boolean.toString(value)));
    }

    @Override
    public String at(String indent) {
      StringBuilder text = new StringBuilder("{\n");
      for (int i = 0; i < keys.size(); i++) {
        text.append(indent + LEVEL)
            .append(quoted(keys.get(i)))
            .append(": ")
            .append(values.get(i).at(indent + LEVEL))
            .append(i + 1 < keys.size() ? ",\n" : "\n");
      }
      return text.append(indent).append('}').toString();
    }
  }

  /** A list. */
  record Elements(List<? extends JsonLayout> values) implements JsonLayout {
    public Elements {
      values = List.copyOf(values);
    }

    @Override
    public String at(String indent) {
      String lines =
          values.stream()
              .map(value -> indent + LEVEL + value.at(indent + LEVEL))
              .collect(Collectors.joining(",\n"));
      return "[\n" + lines + (values.isEmpty() ? "" : "\n") + indent + "]";
    }
  }

  /** A string as JSON writes it. */
  static String quoted(String text) {
    return text.chars()
        .mapToObj(letter -> escaped((char) letter))
        .collect(Collectors.joining("", "\"", "\""));
  }

  private static String escaped(char letter) {
    if (letter == '"' || letter == '\\') {
      return "\\" + letter;
    }
    return letter < ' ' ? "\\u%04x".formatted((int) letter) : String.valueOf(letter);
  }
}
