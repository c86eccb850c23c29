package io.jdrbd.conf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the configuration is unless somebody says otherwise (spec 7, section 3.1). */
public final class DefaultFiles {
  private static final List<Path> FILES =
      List.of(
          Path.of("/etc/drbd-90.conf"),
          Path.of("/etc/drbd-84.conf"),
          Path.of("/etc/drbd-83.conf"),
          Path.of("/etc/drbd-82.conf"),
          Path.of("/etc/drbd-08.conf"),
          Path.of("/etc/drbd.conf"));

  private DefaultFiles() {}

  /** In the order in which they are looked for. */
  public static List<Path> all() {
    return FILES;
  }

  /** The first that can be read; the last one if none can. */
  public static Path find() {
    return FILES.stream().filter(Files::isReadable).findFirst().orElse(FILES.getLast());
  }
}
