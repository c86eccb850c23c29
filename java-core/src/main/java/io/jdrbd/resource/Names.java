package io.jdrbd.resource;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which names and numbers objects may have (spec 7, section 1). */
final class Names {
  static final int NODE_ID_MAX = 31;
  static final int VOLUME_MAX = 65534;
  static final int MINOR_MAX = 1048575;

  private static final int NAME_BYTES_MAX = 127;
  private static final Pattern STRICT = Pattern.compile("[0-9A-Za-z+\\-._]+");

  private Names() {}

  /** What is wrong with the name of a resource; empty if nothing. */
  static Optional<String> complaint(String name) {
    if (!STRICT.matcher(name).matches()) {
      return Optional.of("'%s' is no name: use letters, digits and + - . _".formatted(name));
    }
    if (name.equals("all")) {
      return Optional.of("'all' means every resource and cannot be the name of one");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX) {
      return Optional.of("the name is longer than " + NAME_BYTES_MAX + " bytes");
    }
    return Optional.empty();
  }

  /** What is wrong with a number; empty if nothing. */
  static Optional<String> complaint(String what, int number, int max) {
    return number >= 0 && number <= max
        ? Optional.empty()
        : Optional.of("%s %d is not from 0 to %d".formatted(what, number, max));
  }
}
