package io.jdrbd.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk.Extent;
import io.jdrbd.loop.Loop;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an engine that opens a path must do, on every kind of medium. */
@ParameterizedClass
@MethodSource("io.jdrbd.disk.Media#sound")
public abstract class PathDiskContract extends BlockDiskContract {
  @Parameter private Medium.Kind kind;

  private Medium medium;

  /** Opens the disk with the engine under test. */
  protected abstract BlockDisk open(Loop loop, BufferPool pool, String path) throws Exception;

  @Override
  protected final BlockDisk open(Loop loop, BufferPool pool) throws Exception {
    medium = kind.create(SIZE);
    return open(loop, pool, medium.path());
  }

  @Override
  protected final void removeMedium() throws IOException {
    medium.close();
  }

  @Test
  void whatIsGivenUpIsAHoleWhereTheMediumKnows() throws Exception {
    disk().write(0, random(20, 32 * BLOCK));
    disk().writeZeroes(8 * BLOCK, 8 * BLOCK, true, false, false);
    List<Extent> extents = disk().extents(0, 32 * BLOCK);
    assertThat(extents)
        .isEqualTo(
            medium.knowsHoles()
                ? List.of(
                    new Extent(0, 8 * BLOCK, false, false),
                    new Extent(8 * BLOCK, 8 * BLOCK, true, true),
                    new Extent(16 * BLOCK, 16 * BLOCK, false, false))
                : List.of(new Extent(0, 32 * BLOCK, false, false)));
  }

  @Test
  void readsOfADiskThatShrankFailWithTheReason() throws Exception {
    medium.resize(SIZE / 2);
    DiskException error = failure(() -> disk().read(SIZE / 2 - BLOCK, 2 * BLOCK));
    assertThat(error.errno()).isEqualTo(Errno.EIO);
    assertThat(error).hasMessageContaining(medium.path()).hasMessageContaining("smaller");
    assertThat(disk().read(0, BLOCK)).as("the rest still works").containsOnly(0);
  }

  @Test
  void learnsANewSize() throws Exception {
    medium.resize(2 * SIZE);
    assertThat(disk().geometry().sizeBytes()).isEqualTo(SIZE);
    assertThat(disk().refresh().sizeBytes()).isEqualTo(2 * SIZE);
    disk().write(2 * SIZE - BLOCK, random(21, BLOCK));
    assertThat(disk().read(2 * SIZE - BLOCK, BLOCK)).isEqualTo(random(21, BLOCK));
  }

  @Test
  void isClaimedUntilItIsClosed() throws Exception {
    DiskException error = failure(() -> open(disk().loop(), disk().pool(), medium.path()));
    assertThat(error.errno()).isEqualTo(Errno.EBUSY);
    assertThat(error).hasMessageContaining(medium.path());

    disk().closeDisk();
    new DiskHarness((loop, pool) -> open(loop, pool, medium.path())).close();
  }

  @Test
  void refusesMisalignedRequestsItCannotDo() {
    int block = disk().geometry().logicalBlockBytes();
    if (block > 1) {
      assertThat(failure(() -> disk().read(1, block)).errno()).isEqualTo(Errno.EINVAL);
      assertThat(failure(() -> disk().read(0, block - 1)).errno()).isEqualTo(Errno.EINVAL);
      assertThat(failure(() -> disk().read(0, block, 1)).errno()).isEqualTo(Errno.EINVAL);
    }
  }
}
