package io.jdrbd.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.loop.Loop;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an engine that opens a path must do when the medium fails: a clear error, no more. */
public abstract class FailingMediaContract {
  private static final int SIZE = 4 << 20;
  private static final int BLOCK = 4096;

  /** Opens the disk with the engine under test. */
  protected abstract BlockDisk open(Loop loop, BufferPool pool, String path) throws Exception;

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("io.jdrbd.disk.Media#full")
  void aFullFileSystemIsAnErrorOfTheWrite(Medium.Kind kind) throws Exception {
    try (Medium medium = kind.create(SIZE);
        DiskHarness disk = new DiskHarness((loop, pool) -> open(loop, pool, medium.path()))) {
      DiskException error =
          catchThrowableOfType(DiskException.class, () -> disk.write(0, new byte[SIZE]));
      assertThat(error.errno()).isEqualTo(Errno.ENOSPC);
      assertThat(error).hasMessageContaining(medium.path());
      disk.discard(0, SIZE);
      disk.write(0, new byte[BLOCK]);
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("io.jdrbd.disk.Media#bad")
  void aBadSectorIsAnErrorOfTheRead(Medium.Kind kind) throws Exception {
    try (Medium medium = kind.create(SIZE);
        DiskHarness disk = new DiskHarness((loop, pool) -> open(loop, pool, medium.path()))) {
      long bad = SIZE / 2;
      DiskException error =
          catchThrowableOfType(DiskException.class, () -> disk.read(bad, 2 * BLOCK));
      assertThat(error.errno()).isEqualTo(Errno.EIO);
      assertThat(error).hasMessageContaining(medium.path());
      assertThat(error.offsetBytes()).isEqualTo(bad);
      assertThat(disk.read(bad - BLOCK, BLOCK)).as("the rest still works").containsOnly(0);
    }
  }
}
