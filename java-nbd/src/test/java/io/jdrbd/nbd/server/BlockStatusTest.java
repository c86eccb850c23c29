package io.jdrbd.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.disk.BlockDisk.Extent;
import io.jdrbd.nbd.server.BlockStatus.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockStatusTest {
  private static final List<Extent> EXTENTS =
      List.of(
          new Extent(0, 1000, false, false),
          new Extent(1000, 1000, false, false),
          new Extent(2000, 1000, true, true),
          new Extent(3000, 7000, false, true));

  @Test
  void neighboursThatAreAlikeAreOne() {
    assertThat(BlockStatus.statuses(0, 10_000, EXTENTS, 9))
        .containsExactly(new Status(2000, 0), new Status(1000, 3), new Status(7000, 2));
  }

  @Test
  void extentsAreCutToTheRange() {
    assertThat(BlockStatus.statuses(1500, 2000, EXTENTS, 9))
        .containsExactly(new Status(500, 0), new Status(1000, 3), new Status(500, 2));
  }

  @Test
  void noMoreThanAskedFor() {
    assertThat(BlockStatus.statuses(500, 5000, EXTENTS, 1)).containsExactly(new Status(1500, 0));
  }
}
