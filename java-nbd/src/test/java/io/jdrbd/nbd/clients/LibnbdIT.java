package io.jdrbd.nbd.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** libnbd: nbdinfo, nbdcopy and scripts for nbdsh. */
class LibnbdIT extends RealClientTestBase {

  @Test
  void info() {
    assertThat(Programs.run("nbdinfo", "--json", uri()))
        .contains("\"export-size\": 67108864")
        .contains("\"structured\": true")
        .contains("\"base:allocation\"")
        .contains("\"can_multi_conn\": true")
        .contains("\"can_fast_zero\": true")
        .contains("\"is_rotational\": false")
        .contains("\"block_size_minimum\": 1")
        .contains("\"block_size_preferred\": 4096")
        .contains("\"block_size_maximum\": 33554432");
  }

  @Test
  void list() {
    server.addMemoryExport("other", 1 << 20, true);
    assertThat(Programs.run("nbdinfo", "--list", "nbd+unix:///?socket=" + server.socket()))
        .contains("export=\"disk\"", "export=\"other\"", "is_read_only: true");
  }

  @Test
  void map() throws IOException {
    assertThat(Programs.run("nbdinfo", "--map", uri()))
        .containsPattern("0 +67108864 +3 +hole,zero");
    Programs.run("nbdcopy", randomFile(1 << 20).toString(), uri());
    assertThat(Programs.run("nbdinfo", "--map", uri()))
        .containsPattern("0 +1048576 +0 +data")
        .containsPattern("1048576 +66060288 +3 +hole,zero");
  }

  @Test
  void copyThereAndBack() throws IOException {
    Path original = randomFile(40_000_000);
    Path copy = directory.resolve("copy");
    Programs.run("nbdcopy", "--flush", original.toString(), uri());
    Programs.run("nbdcopy", uri(), copy.toString());
    byte[] expected = Files.readAllBytes(original);
    assertThat(Files.readAllBytes(copy)).hasSize(DISK_BYTES).startsWith(expected);
  }

  /** What nbdsh does, with Debian's Python, whichever else comes first in the path. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "commands.py",
        "errors.py",
        "multi_conn.py",
        "negotiation.py",
        "pipelining.py",
      })
  void script(String script) throws IOException {
    server.addMemoryExport("ro", 1 << 20, true);
    Path file = directory.resolve(script);
    try (var source = LibnbdIT.class.getResourceAsStream("/nbdsh/" + script)) {
      Files.copy(source, file);
    }
    Programs.run(
        "/usr/bin/python3",
        "-m",
        "nbd",
        "-c",
        "socket = '%s'".formatted(server.socket()),
        "-c",
        "exec(open('%s').read())".formatted(file));
  }
}
