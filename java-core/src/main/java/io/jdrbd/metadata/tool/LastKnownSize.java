package io.jdrbd.metadata.tool;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is remembered of a device with internal metadata, to find it again when the device has grown
 * (spec 5.9.2).
 *
 * @param sizeBytes of the device
 * @param device its path
 * @param deviceUuid identity of the metadata; 0 where it has none
 */
public record LastKnownSize(long sizeBytes, String device, long deviceUuid) {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,18})\t([^\n]*)\n(?:uuid:\t([0-9A-Fa-f]{16})\n)?");

  /** Reads what {@link #text} and {@code drbdmeta} write; empty where it is something else. */
  static Optional<LastKnownSize> parse(String text) {
    Matcher found = FORM.matcher(text);
    return found.matches()
        ? Optional.of(
            new LastKnownSize(
                Long.parseLong(found.group(1)),
                found.group(2),
                found.group(3) == null ? 0 : Long.parseUnsignedLong(found.group(3), 16)))
        : Optional.empty();
  }

  /** Whether it can be about the metadata with that identity. */
  public boolean mayBe(long uuid) {
    return deviceUuid == 0 || deviceUuid == uuid;
  }

  String text() {
    String uuid = deviceUuid == 0 ? "" : "uuid:\t%016X\n".formatted(deviceUuid);
    return "%d\t%s\n%s".formatted(sizeBytes, device, uuid);
  }
}
