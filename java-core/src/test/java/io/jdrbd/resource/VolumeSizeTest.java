package io.jdrbd.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.Medium;
import io.jdrbd.disk.open.DiskOpener;
import io.jdrbd.disk.open.DiskOptions;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.state.Verdict;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A disk that grows and shrinks while it is attached. */
class VolumeSizeTest {
  private static final long DISK_BYTES = 1 << 20;
  private static final long PATIENCE_SECONDS = 10;
  private static final int MINOR = 1;

  private final EpollLoop loop = new EpollLoop("size-test");
  private final BufferPool pool = new BufferPool(1 << 20);
  private final Node node =
      new Node(
          loop, this::open, pool, new NoConnections(), new NobodyListens(), InstantSource.system());
  private final List<Long> told = new ArrayList<>();
  private Medium medium;

  @BeforeEach
  void attach() throws IOException {
    medium = Medium.Kind.FILE.create(DISK_BYTES);
    var disk = new DiskSpec(medium.path(), DiskSpec.AUTO, List.of());
    var options = new AttachOptions(disk, Optional.empty(), DiskConfig.defaults());
    passes(() -> now(node.newResource("r0", 0, ResourceOptions.defaults())));
    passes(() -> now(node.newMinor("r0", MINOR, 0, false)));
    passes(() -> node.attach(MINOR, options));
    onLoop(
        () -> {
          volume().whenResized(() -> told.add(volume().disk().geometry().sizeBytes()));
          return true;
        });
  }

  @AfterEach
  void detach() throws IOException {
    passes(() -> node.detach(MINOR, false, false));
    loop.close();
    medium.close();
  }

  @Test
  void whoShowsTheVolumeIsToldOfEachSizeOnce() throws IOException {
    passes(() -> node.disks().resize(MINOR, ResizeWish.WHOLE));
    assertThat(onLoop(() -> told)).isEmpty();

    medium.resize(3 * DISK_BYTES);
    assertThat(onLoop(this::shownBytes)).isEqualTo(DISK_BYTES);
    passes(() -> node.disks().resize(MINOR, ResizeWish.WHOLE));
    passes(() -> node.disks().resize(MINOR, ResizeWish.WHOLE));
    assertThat(onLoop(this::shownBytes)).isEqualTo(3 * DISK_BYTES);

    medium.resize(2 * DISK_BYTES);
    passes(() -> node.disks().resize(MINOR, ResizeWish.WHOLE));
    assertThat(onLoop(() -> told)).containsExactly(3 * DISK_BYTES, 2 * DISK_BYTES);
  }

  private long shownBytes() {
    return volume().view().statistics().sizeBytes();
  }

  private Volume volume() {
    return node.volume(MINOR).orElseThrow();
  }

  private CompletionStage<BlockDisk> open(DiskSpec spec) {
    try {
      return CompletableFuture.completedStage(
          DiskOpener.open(spec.path(), DiskOptions.DEFAULT, loop, pool));
    } catch (DiskException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static CompletionStage<Verdict> now(Verdict verdict) {
    return CompletableFuture.completedStage(verdict);
  }

  private void passes(Supplier<CompletionStage<Verdict>> command) {
    Verdict verdict =
        CompletableFuture.supplyAsync(command, loop)
            .thenCompose(stage -> stage)
            .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .join();
    assertThat(verdict).isInstanceOf(Verdict.Passed.class);
  }

  private <T> T onLoop(Supplier<T> action) {
    return CompletableFuture.supplyAsync(action, loop)
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  private static final class NobodyListens implements NodeListener {
    @Override
    public void changed(ResourceView resource) {
      // the test asks
    }

    @Override
    public void gone(String name) {
      // nothing is deleted
    }
  }
}
