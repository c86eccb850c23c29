package io.jdrbd.kernel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A volume as the name of its export says: {@code r0/0}.
 *
 * @param resource a file name: no slash, not {@code .} or {@code ..}, and no dot at its beginning
 * @param number of the volume, 0 to 65534
 */
record VolumeName(String resource, int number) {
  private static final Pattern FORM = Pattern.compile("([^/.][^/]*)/([0-9]{1,5})");

  /**
   * Takes an export's name apart.
   *
   * @throws IllegalArgumentException if it is not of the form RESOURCE/VOLUME
   */
  static VolumeName parse(String exportName) {
    Matcher matcher = FORM.matcher(exportName);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "export %s: a device is for a volume, whose name is RESOURCE/NUMBER"
              .formatted(exportName));
    }
    return new VolumeName(matcher.group(1), Integer.parseInt(matcher.group(2)));
  }

  @Override
  public String toString() {
    return resource + "/" + number;
  }
}
