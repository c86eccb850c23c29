package io.jdrbd.disk.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.BlockDiskContract;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskHarness;
import io.jdrbd.disk.DiskModel;
import io.jdrbd.disk.Errno;
import io.jdrbd.disk.direct.DiskFile;
import io.jdrbd.disk.filter.FilterSpec;
import io.jdrbd.loop.Loop;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskOpenerTest extends BlockDiskContract {
  @TempDir private Path directory;

  @Override
  protected BlockDisk open(Loop loop, BufferPool pool) throws Exception {
    return open(file().toString(), DiskOptions.DEFAULT, loop, pool);
  }

  private static BlockDisk open(String path, DiskOptions options, Loop loop, BufferPool pool)
      throws DiskException {
    return DiskOpener.open(path, options, loop, pool);
  }

  private Path file() throws Exception {
    Path file = directory.resolve("disk");
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      opened.setLength(SIZE);
    }
    return file;
  }

  @Test
  void takesAnyAlignment() throws Exception {
    assertThat(disk().geometry().logicalBlockBytes()).isEqualTo(1);
    new DiskModel(disk(), 60, 1).run(200);
  }

  @Test
  void putsFiltersAroundTheEngine() throws Exception {
    DiskOptions options =
        DiskOptions.DEFAULT
            .withEngine(EngineChoice.parse("memory:1M"))
            .withFilters(List.of(FilterSpec.parse("torn"), FilterSpec.parse("errors:op=flush")));
    try (DiskHarness disk = new DiskHarness((loop, pool) -> open("unused", options, loop, pool))) {
      assertThat(disk.disk().description()).isEqualTo("memory of 1048576 bytes + torn + errors");
      assertThat(disk.geometry().sizeBytes()).isEqualTo(1 << 20);
    }
  }

  @Test
  void refusesToChangeWhatIsOpenedReadOnly() throws Exception {
    Path file = directory.resolve("read-only");
    byte[] data = random(62, 2 * BLOCK);
    Files.write(file, data);
    DiskOptions options = DiskOptions.DEFAULT.withReadOnly(true);
    try (DiskHarness disk =
        new DiskHarness((loop, pool) -> open(file.toString(), options, loop, pool))) {
      assertThat(disk.read(1, 100)).isEqualTo(part(data, 1, 100));
      disk.flush();
      DiskException error =
          catchThrowableOfType(DiskException.class, () -> disk.write(0, new byte[BLOCK]));
      assertThat(error.errno()).isEqualTo(Errno.EROFS);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(data);
  }

  @Test
  void whatCannotBeOpenedIsAnErrorWithItsName() {
    String missing = directory.resolve("missing").toString();
    assertThat(failure(missing).errno()).isEqualTo(Errno.ENOENT);
    assertThat(failure(missing)).hasMessageContaining(missing);
    assertThat(failure(directory.toString())).hasMessageContaining("neither a block device nor");
    assertThat(failure("/dev/null")).hasMessageContaining("neither a block device nor");
    assertThat(failure("").errno()).isEqualTo(Errno.ENOENT);
  }

  private DiskException failure(String path) {
    return failure(() -> open(path, DiskOptions.DEFAULT, disk().loop(), disk().pool()));
  }

  @Test
  void leavesNothingOpenWhenAFilterCannotBeSetUp() throws Exception {
    String other = directory.resolve("other").toString();
    Files.write(Path.of(other), new byte[BLOCK]);
    DiskOptions options =
        DiskOptions.DEFAULT.withFilters(List.of(FilterSpec.parse("writelog:file=/nowhere/log")));
    DiskException error = failure(() -> open(other, options, disk().loop(), disk().pool()));
    assertThat(error).hasMessageContaining("/nowhere/log");
    awaitUnclaimed(other);
  }

  /** The disk is closed by its own threads, so that takes a moment. */
  private void awaitUnclaimed(String path) throws DiskException {
    long deadlineNs = System.nanoTime() + 10_000_000_000L;
    while (true) {
      try {
        DiskFile.open(path, false).close();
        return;
      } catch (DiskException e) {
        assertThat(e.errno()).isEqualTo(Errno.EBUSY);
        assertThat(System.nanoTime()).as("deadline").isLessThan(deadlineNs);
        Thread.onSpinWait();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          uring       | "uring" is not a disk engine; there are auto, direct, io_uring and memory:SIZE
          memory      | "memory" is not a disk engine; there are auto, direct, io_uring and memory:SIZE
          ''          | "" is not a disk engine; there are auto, direct, io_uring and memory:SIZE
          memory:lots | "lots" is not a size; write a number of bytes, or with k, M, G or T, such as 64M
          memory:0    | memory disk of 0 bytes: must be from 1 to 4398046511104 (4T)
          """)
  void anUnknownEngineIsAnErrorThatNamesTheKnown(String text, String message) {
    assertThatThrownBy(() -> EngineChoice.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "512,512",
    "4k,4096",
    "4K,4096",
    "1M,1048576",
    "10GiB,10737418240",
    "2TB,2199023255552"
  })
  void readsSizes(String text, long bytes) {
    assertThat(EngineChoice.parse("memory:" + text)).isEqualTo(new EngineChoice.Memory(bytes));
  }
}
