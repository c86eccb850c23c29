package io.jdrbd.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tables of what was recorded, beside the tests that read them: a row a line, cells between bars.
 */
public final class RecordedRows {
  private RecordedRows() {}

  /**
   * The rows of a table; lines that begin with {@code #} are comments.
   *
   * @param test which the table lies beside
   * @param name of the file
   */
  public static Stream<List<String>> of(Class<?> test, String name) {
    try (InputStream in = test.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
