package io.jdrbd.metadata.format;

import java.util.Arrays;
import java.util.Optional;

/** The two formats that are read and written. */
public enum FormatVersion {
  /** DRBD 8.3 and 8.4: one peer. */
  V08("v08"),
  /** DRBD 9: up to 31 peers. */
  V09("v09");

  private final String text;

  FormatVersion(String text) {
    this.text = text;
  }

  /** The name in commands and dumps. */
  public String text() {
    return text;
  }

  /** The format with that name. */
  public static Optional<FormatVersion> parse(String text) {
    return Arrays.stream(values()).filter(version -> version.text.equals(text)).findFirst();
  }
}
