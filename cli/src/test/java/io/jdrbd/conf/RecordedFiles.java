package io.jdrbd.conf;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The configurations that drbdadm was recorded with. */
public final class RecordedFiles {
  private RecordedFiles() {}

  /** Where they are. */
  public static Path directory() {
    try {
      return Path.of(RecordedFiles.class.getResource("01-two-node.conf").toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Those that are in order. */
  public static List<Path> good() throws IOException {
    return configurations(directory());
  }

  /** Those that try the borders of the language. */
  public static List<Path> odd() throws IOException {
    return configurations(directory().resolve("bad"));
  }

  private static List<Path> configurations(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.toString().endsWith(".conf")).sorted().toList();
    }
  }
}
