package io.jdrbd.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No file grows past what one person can hold in mind. */
class FileSizeTest {
  private static final int LINES_MAX = 600;
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void noSourceFileIsLongerThanTheLimit() throws IOException {
    List<Path> sources = sources();
    assertThat(sources).as("sources below %s", ROOT).hasSizeGreaterThan(20);
    assertThat(sources.stream().filter(file -> lines(file) > LINES_MAX))
        .as("files of more than %d lines: a concept is waiting for a name", LINES_MAX)
        .isEmpty();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().matches(".*/src/.*\\.(java|c|h|sh|py)"))
          .filter(file -> !file.toString().contains("/target/"))
          .toList();
    }
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
