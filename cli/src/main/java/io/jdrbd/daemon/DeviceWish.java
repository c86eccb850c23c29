package io.jdrbd.daemon;

import io.jdrbd.control.JsonException;

/** Which block device is to show a volume. */
sealed interface DeviceWish {
  /** None: the volume is reached by sockets only. */
  record Nothing() implements DeviceWish {
    @Override
    public String text() {
      return "none";
    }
  }

  /** Any, if this daemon can have one at all. */
  record Automatic() implements DeviceWish {
    @Override
    public String text() {
      return "auto";
    }
  }

  /** This one: {@code /dev/nbd3}. */
  record Named(String path) implements DeviceWish {
    @Override
    public String text() {
      return path;
    }
  }

  /** As it is written in requests and in the state file. */
  String text();

  /**
   * The opposite of {@link #text}.
   *
   * @throws JsonException if it is nothing of the kind
   */
  static DeviceWish parse(String text) {
    if (text.equals("none")) {
      return new Nothing();
    }
    if (text.equals("auto")) {
      return new Automatic();
    }
    if (text.matches("/dev/nbd\\d{1,6}")) {
      return new Named(text);
    }
    throw new JsonException("device '" + text + "' is not auto, none or of the form /dev/nbd3");
  }
}
