package io.jdrbd.disk.open;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskHarness;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which engine serves a disk where a seccomp filter forbids io_uring, as container runtimes do. A
 * filter is for the life of a process, so each case is a process of its own.
 */
class EngineFallbackTest {
  /** Built with the native module. */
  private static final Path DENY = Path.of("../native/target/native/test/deny_io_uring");

  private static final String EPERM = "1";

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void createDisk() throws IOException {
    file = directory.resolve("disk");
    try (RandomAccessFile created = new RandomAccessFile(file.toFile(), "rw")) {
      created.setLength(1 << 20);
    }
  }

  /** Opens a disk, uses it, and tells what it is. */
  static final class UseDisk {
    private UseDisk() {}

    public static void main(String[] arguments) throws DiskException {
      DiskOptions options = DiskOptions.DEFAULT.withEngine(EngineChoice.parse(arguments[0]));
      try (DiskHarness disk =
          new DiskHarness((loop, pool) -> DiskOpener.open(arguments[1], options, loop, pool))) {
        disk.write(4096, "written".getBytes(UTF_8));
        System.out.println(new String(disk.read(4096, 7), UTF_8) + " " + disk.disk().description());
      } catch (AssertionError e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void isTheRingWhereTheKernelPermitsIt() throws Exception {
    assertThat(use(List.of(), "auto"))
        .anyMatch(line -> line.startsWith("written") && line.contains("(io_uring)"))
        .anyMatch(line -> line.contains("engine io_uring, as the kernel permits it"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 'a seccomp profile forbids it'",
    "38, 'has no io_uring, or a seccomp profile hides it'"
  })
  void isDirectWhereAFilterForbidsTheRingWithOneLineThatSaysWhy(String errno, String reason)
      throws Exception {
    List<String> output = use(List.of(DENY.toString(), errno), "auto");
    assertThat(output)
        .anyMatch(line -> line.startsWith("written") && line.contains("(direct)"))
        .filteredOn(line -> line.contains("io_uring"))
        .singleElement()
        .asString()
        .contains("engine direct", "as io_uring cannot be used: ", reason);
  }

  @Test
  void isAnErrorWhereTheRingWasAskedFor() throws Exception {
    assertThat(use(List.of(DENY.toString(), EPERM), "io_uring"))
        .anyMatch(
            line ->
                line.contains(file.toString()) && line.contains("a seccomp profile forbids it"));
  }

  private List<String> use(List<String> wrapper, String engine) throws Exception {
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            UseDisk.class.getName(),
            engine,
            file.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> output =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
