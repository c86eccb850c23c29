package io.jdrbd.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.store.LogApplication;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Activity logs of several shapes that this node has written, some times around the ring, as the
 * real drbdmeta reads them after a crash.
 */
class StripedLogIT extends MetadataNodeTestBase {
  private static final long LARGE_BYTES = 700 << 20;
  private static final long EXTENT_BYTES = 4 << 20;
  private static final int EXTENTS = (int) (LARGE_BYTES / EXTENT_BYTES);
  private static final int WRITES = 300;
  private static final long WAIT_S = 60;

  @ParameterizedTest
  @CsvSource({"1, 8", "2, 8", "5, 4", "4, 16", "9, 1"})
  void drbdmetaMarksWhatThisNodeMarks(int stripes, int stripeBlocks) throws Exception {
    AlGeometry al = new AlGeometry(stripes, stripeBlocks);
    resizeFile(LARGE_BYTES);
    run(
        "drbdmeta",
        "--force",
        "--al-stripes=" + stripes,
        "--al-stripe-size-kB=" + stripeBlocks * 4,
        "-",
        "v09",
        disk.toString(),
        "internal",
        "create-md",
        "1");
    assertThat(readSuperblock().common().al()).isEqualTo(al);
    assertThat(attach(Map.of("al-extents", "67"))).isEqualTo(101);
    assertThat(primary(true)).isEqualTo(101);
    onLoop(
        () -> {
          volume().metadata().orElseThrow().backing().setInSync(0, 0, sizeBytesNow());
          return true;
        });
    int last = writeManyExtents(new Random(stripes));
    assertThat(onLoop(() -> volume().view().statistics().alWrites()))
        .as("more transactions than the ring has blocks")
        .isGreaterThan(al.blocks());

    Path theirs = copy("theirs");
    Path ours = copy("ours");
    run("drbdmeta", "--force", "-", "v09", theirs.toString(), "internal", "apply-al");
    Bitmap applied =
        onDisk(ours, new Placement.Internal(), store -> LogApplication.apply(store).bitmap());
    forgetMembers(ours);
    assertThat(Files.mismatch(ours, theirs)).as("first byte that differs").isEqualTo(-1);
    assertThat(applied.count(0, BitGranularity.DEFAULT.ofExtent(last)))
        .as("the extent written last")
        .isEqualTo(EXTENT_BYTES / 4096);
  }

  /** drbdmeta 9.22 does not know the field, and writes zeroes. */
  private static void forgetMembers(Path path) throws IOException {
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(LARGE_BYTES - 4096 + 0x10);
      file.writeLong(0);
    }
  }

  private long sizeBytesNow() {
    return volume().disk().geometry().sizeBytes();
  }

  /** One after the other, so that nearly each needs a transaction; returns the last extent. */
  private int writeManyExtents(Random random) {
    int extent = 0;
    for (int index = 0; index < WRITES; index++) {
      extent = random.nextInt(EXTENTS - 1);
      assertThat(write(extent * EXTENT_BYTES, false)).isEqualTo("done");
    }
    return extent;
  }

  /** What would be found if the power went now. */
  private Path copy(String name) throws IOException, InterruptedException {
    Path copy = directory.resolve(name);
    run("cp", "--sparse=always", disk.toString(), copy.toString());
    return copy;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(command));
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    assertThat(process.waitFor(WAIT_S, TimeUnit.SECONDS)).as("%s", line).isTrue();
    assertThat(process.exitValue()).as("%s", line).isZero();
  }
}
