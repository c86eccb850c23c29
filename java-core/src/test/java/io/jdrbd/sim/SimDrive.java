package io.jdrbd.sim;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import java.util.function.Predicate;

/**
 * A drive with a volatile cache, built into a machine. Each life of the node opens it anew; what
 * was under way in an earlier life never ends there.
 */
public final class SimDrive {
  private static final int BLOCK_BYTES = 512;
  private static final int PAGE_BYTES = 4096;

  private final SimWorld world;
  private final SimMedium medium;
  private Predicate<DiskRequest> faults = request -> false;

  SimDrive(SimWorld world, long sizeBytes) {
    this.world = world;
    this.medium = new SimMedium(sizeBytes);
  }

  /**
   * Opens it for the present life of a node.
   *
   * @param delayMaxNs each request takes up to this long, and may overtake others
   */
  public BlockDisk open(SimNode node, long delayMaxNs) {
    return new OpenDrive(world, this, (NodeLoop) node.loop(), delayMaxNs);
  }

  /** What lies on it, for looking at it at any time. */
  public SimMedium medium() {
    return medium;
  }

  /** From now on the requests that this is true for fail, and do nothing. */
  public void faults(Predicate<DiskRequest> which) {
    faults = which;
  }

  boolean fails(DiskRequest request) {
    return faults.test(request);
  }

  DiskGeometry geometry() {
    return new DiskGeometry(
        medium.sizeBytes(), BLOCK_BYTES, PAGE_BYTES, PAGE_BYTES, true, /* zeroesFast= */ true);
  }

  void losePower() {
    medium.losePower(world.random());
  }
}
