package io.jdrbd.resource;

import io.jdrbd.disk.BlockDisk;
import java.util.concurrent.CompletionStage;

/** Where backing disks come from. */
public interface DiskSource {

  /**
   * Opens a disk. Called on the node's loop, which it does not block.
   *
   * @return completes on the node's loop; fails with {@link io.jdrbd.disk.DiskException}
   * @throws IllegalArgumentException if there is no such engine or filter
   */
  CompletionStage<BlockDisk> open(DiskSpec spec);
}
