package io.jdrbd.metadata.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.disk.DiskHarness;
import io.jdrbd.disk.open.DiskOpener;
import io.jdrbd.disk.open.DiskOptions;
import io.jdrbd.disk.open.EngineChoice;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.FormatVersion;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.store.DiskMedium;
import io.jdrbd.metadata.store.MetadataStore;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What create-md makes of a device that is not empty: as the real drbdmeta, which says yes. */
class CreateMetadataIT {
  private static final int DEVICE_BYTES = 64 << 20;
  private static final long FITS_KIB = 32 << 10;
  private static final long ALL_KIB = DEVICE_BYTES / 1024;
  private static final long WAIT_S = 60;

  @TempDir private Path directory;
  private Path file;
  private Path other;

  @BeforeEach
  void nameFiles() {
    file = directory.resolve("ours");
    other = directory.resolve("theirs");
  }

  @ParameterizedTest(name = "{0} on {1}, all used: {2}, ignored: {3}")
  @CsvSource({
    "EXT4, internal, false, false",
    "EXT4, internal, true, false",
    "EXT4, internal, true, true",
    "EXT4, flex-external, false, false",
    "EXT4, flex-external, false, true",
    "XFS, internal, false, false",
    "XFS, internal, true, false",
    "JFS, internal, true, false",
    "REISER, internal, true, false",
    "SWAP, internal, false, false",
    "SWAP, internal, false, true",
    "SWAP, flex-external, false, false",
    "SOMETHING, internal, false, false",
    "SOMETHING, flex-external, false, false",
  })
  void bothKeepOrOverwriteTheSame(FoundData found, String index, boolean all, boolean ignored)
      throws Exception {
    try (var created = new RandomAccessFile(file.toFile(), "rw")) {
      created.write(found.start(all ? ALL_KIB : FITS_KIB).array());
      created.setLength(DEVICE_BYTES);
    }
    Files.copy(file, other);
    List<String> options = ignored ? List.of("--ignore-sanity-checks") : List.of();
    int theirs = run(options, other, "v09", index, "create-md", "2");
    assertThat(ours(FormatVersion.V09, index, 2, ignored)).isEqualTo(theirs);
    assertThat(Files.mismatch(file, other)).as("first byte that differs").isEqualTo(-1);
  }

  /** Metadata of DRBD 8.4, in use once, becomes metadata of DRBD 9. */
  @ParameterizedTest
  @CsvSource({"internal, 1, 8", "internal, 3, 16", "flex-external, 1, 8", "0, 1, 8"})
  void bothConvertTheSame(String index, int stripes, int stripeBlocks) throws Exception {
    try (var created = new RandomAccessFile(file.toFile(), "rw")) {
      created.setLength(256 << 20);
    }
    List<String> shape =
        stripes == 1
            ? List.of()
            : List.of("--al-stripes=" + stripes, "--al-stripe-size-kB=" + stripeBlocks * 4);
    assertThat(run(shape, file, "v08", index, "create-md")).isZero();
    String identifiers = "A1B2C3D4E5F60718:99AA:77BB:66CC:1:1:0:1:1:1:0";
    assertThat(run(List.of(), file, "v08", index, "set-gi", identifiers)).isZero();
    Files.copy(file, other);
    int theirs = run(List.of(), other, "v09", index, "create-md", "1");
    assertThat(ours(FormatVersion.V09, index, 1, false)).isEqualTo(theirs).isZero();
    assertThat(Files.mismatch(file, other)).as("first byte that differs").isEqualTo(-1);
  }

  private static int run(
      List<String> options, Path path, String version, String index, String... command)
      throws Exception {
    List<String> line = new ArrayList<>(List.of("drbdmeta", "--force"));
    line.addAll(options);
    line.addAll(List.of("-", version, path.toString(), index));
    line.addAll(List.of(command));
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    assertThat(process.waitFor(WAIT_S, TimeUnit.SECONDS)).as("%s", line).isTrue();
    return process.exitValue();
  }

  private int ours(FormatVersion version, String index, int peers, boolean ignored)
      throws Exception {
    DiskOptions options = DiskOptions.DEFAULT.withEngine(new EngineChoice.Direct());
    Placement placement = Placement.parse(index).orElseThrow();
    try (DiskHarness disk =
        new DiskHarness((loop, pool) -> DiskOpener.open(file.toString(), options, loop, pool))) {
      MetadataStore store =
          new MetadataStore(new DiskMedium(disk.disk(), disk.loop(), disk.pool()), placement);
      new MetadataTool(store, version, new Answers(true))
          .create(
              new CreateOptions(
                  peers, BitGranularity.DEFAULT, AlGeometry.DEFAULT, 0, 0, 0, ignored));
      return 0;
    } catch (ToolException refused) {
      return refused.exitCode();
    }
  }
}
