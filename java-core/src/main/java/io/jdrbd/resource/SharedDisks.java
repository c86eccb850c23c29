package io.jdrbd.resource;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.filter.FilterDisk;
import io.jdrbd.state.ConfigError;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Devices that hold the metadata of several volumes, each in a region of its own. The first volume
 * opens the device, the last one closes it. Used on the node's loop.
 */
final class SharedDisks {
  private final DiskSource disks;
  private final Map<String, Device> devices = new HashMap<>();

  /** A device and the regions that are in use. */
  private static final class Device {
    private final CompletableFuture<BlockDisk> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Set<Integer> regions = new HashSet<>();
  }

  SharedDisks(DiskSource disks) {
    this.disks = disks;
  }

  /**
   * Opens a region; the device is another volume's already, or is opened now.
   *
   * @param index of the region
   * @return completes on the loop; fails with {@link RefusedException} where another volume has the
   *     region, else as {@link DiskSource#open} does. Closing it gives the region back; nothing of
   *     this volume may be in flight then.
   */
  CompletionStage<BlockDisk> open(DiskSpec spec, int index) {
    Device device = devices.get(spec.path());
    if (device == null) {
      return opened(spec, index);
    }
    if (device.regions.isEmpty()) {
      return device.closed.thenCompose(then -> open(spec, index));
    }
    if (!device.regions.add(index)) {
      return CompletableFuture.failedStage(
          new RefusedException(
              ConfigError.MD_IDX_INVALID,
              "index %d of %s holds the metadata of another volume".formatted(index, spec.path())));
    }
    return device.opened.thenApply(disk -> new Region(spec.path(), device, disk, index));
  }

  private CompletionStage<BlockDisk> opened(DiskSpec spec, int index) {
    Device device = new Device();
    device.regions.add(index);
    devices.put(spec.path(), device);
    disks
        .open(spec)
        .whenComplete(
            (disk, error) -> {
              if (error == null) {
                device.opened.complete(disk);
              } else {
                device.regions.clear();
                devices.remove(spec.path());
                device.opened.completeExceptionally(error);
              }
            });
    return device.opened.thenApply(disk -> new Region(spec.path(), device, disk, index));
  }

  /** The device as one of its volumes sees it: as a whole, as the region's place counts from it. */
  private final class Region extends FilterDisk {
    private final String path;
    private final Device device;
    private final int index;

    Region(String path, Device device, BlockDisk disk, int index) {
      super(disk);
      this.path = path;
      this.device = device;
      this.index = index;
    }

    @Override
    public String description() {
      return "%s, index %d".formatted(super.description(), index);
    }

    @Override
    public void close(Runnable closed) {
      device.regions.remove(index);
      if (device.regions.isEmpty()) {
        inner()
            .close(
                () -> {
                  devices.remove(path);
                  device.closed.complete(null);
                  closed.run();
                });
      } else {
        refresh(still -> closed.run());
      }
    }
  }
}
