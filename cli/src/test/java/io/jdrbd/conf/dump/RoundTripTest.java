package io.jdrbd.conf.dump;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.conf.ConfException;
import io.jdrbd.conf.Configuration;
import io.jdrbd.conf.RecordedFiles;
import io.jdrbd.conf.node.LocalHost;
import io.jdrbd.conf.node.NodeConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is dumped is read again, and means the same. */
class RoundTripTest {
  @TempDir private Path directory;

  static Stream<Path> readable() throws IOException {
    List<Path> all = new ArrayList<>(RecordedFiles.good());
    for (Path file : RecordedFiles.odd()) {
      if (isInOrder(file)) {
        all.add(file);
      }
    }
    return all.stream();
  }

  private static boolean isInOrder(Path file) throws IOException {
    try {
      return read(file).problems().isEmpty();
    } catch (ConfException refused) {
      return false; // nothing to dump
    }
  }

  @ParameterizedTest
  @MethodSource("readable")
  void twice(Path file) throws Exception {
    for (boolean expanded : new boolean[] {false, true}) {
      String once = ConfigurationDump.all("once", read(file), expanded);
      Path copy = Files.writeString(directory.resolve("copy-" + expanded + ".conf"), once);
      String again = ConfigurationDump.all("again", read(copy), expanded);

      assertThat(withoutRemarks(again)).isEqualTo(withoutRemarks(once));
    }
  }

  /** What is written in full says all that was implied. */
  @ParameterizedTest
  @MethodSource("readable")
  void inFullAsInShort(Path file) throws Exception {
    NodeConfiguration before = read(file);
    String full = ConfigurationDump.all("full", before, true);
    String brief = ConfigurationDump.all("brief", before, false);
    Path copy = Files.writeString(directory.resolve("brief.conf"), brief);

    assertThat(withoutRemarks(ConfigurationDump.all("copy", read(copy), true)))
        .isEqualTo(withoutRemarks(full));
  }

  private static String withoutRemarks(String text) {
    return text.lines()
        .map(line -> line.replaceFirst("# .*", ""))
        .collect(Collectors.joining("\n"));
  }

  private static NodeConfiguration read(Path file) throws ConfException, IOException {
    return NodeConfiguration.of(Configuration.read(file), new LocalHost("left", address -> false));
  }
}
