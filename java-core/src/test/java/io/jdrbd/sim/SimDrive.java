package io.jdrbd.sim;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.filter.TornDisk;
import io.jdrbd.disk.memory.MemoryDisk;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A drive with a volatile cache, built into a machine. Each life of the node opens it anew; what
 * was under way in an earlier life never ends there.
 */
public final class SimDrive {
  private static final long CACHE_BYTES = 1 << 20;
  private static final int BOUNCE_POOL_BYTES = 64 << 10;

  private final SimWorld world;
  private final TornDisk disk;
  private final List<Runnable> whenReady = new ArrayList<>();
  private boolean recovering;

  SimDrive(SimWorld world, long sizeBytes) throws DiskException {
    this.world = world;
    this.disk =
        new TornDisk(
            new MemoryDisk(world.hardware(), sizeBytes),
            world.hardware(),
            new BufferPool(BOUNCE_POOL_BYTES),
            CACHE_BYTES);
  }

  /**
   * Opens it for the present life of a node.
   *
   * @param delayMaxNs each request takes up to this long, and may overtake others
   */
  public BlockDisk open(SimNode node, long delayMaxNs) {
    return new OpenDrive(world, disk, (NodeLoop) node.loop(), delayMaxNs);
  }

  /** The disk itself, for looking at it between lives; its completions arrive on the hardware. */
  public BlockDisk medium() {
    return disk;
  }

  void losePower() {
    recovering = true;
    disk.crash(
        world.random().nextLong(),
        () -> {
          recovering = false;
          List.copyOf(whenReady).forEach(Runnable::run);
          whenReady.clear();
        });
  }

  void close() {
    disk.close(() -> {});
  }

  static void whenAllReady(Collection<SimDrive> drives, Runnable task) {
    SimDrive busy = drives.stream().filter(drive -> drive.recovering).findFirst().orElse(null);
    if (busy == null) {
      task.run();
    } else {
      busy.whenReady.add(() -> whenAllReady(drives, task));
    }
  }
}
