package io.jdrbd.metadata.attached;

import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.BitRange;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.PeerFlag;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV08;
import io.jdrbd.metadata.format.SuperblockV09;
import java.util.OptionalInt;

/**
 * Marks the whole disk (spec 5.5). The superblock says so before the first page of the bitmap is
 * written, and no longer when the last one is durable: after a crash in between, the attach does it
 * again.
 */
public final class FullSync {
  private final BackingDisk disk;
  private final OptionalInt peer;

  /**
   * @param peer node id of the peer that shall get everything; empty for all nodes
   */
  public FullSync(BackingDisk disk, OptionalInt peer) {
    this.disk = disk;
    this.peer = peer;
  }

  /** Marks; {@code done} tells when the marks are durable. */
  public void order(Completion done) {
    new Sequence()
        .then(step -> disk.updateSuperblock(superblock -> ordered(superblock, true), step))
        .thenRun(this::mark)
        .then(disk::writeBitmap)
        .then(step -> disk.updateSuperblock(superblock -> ordered(superblock, false), step))
        .run(done);
  }

  private void mark() {
    Bitmap bitmap = disk.bitmap();
    BitRange all = bitmap.all();
    if (peer.isEmpty()) {
      bitmap.setInAllSlots(all);
    } else {
      slot().ifPresent(slot -> bitmap.set(slot, all));
    }
  }

  private OptionalInt slot() {
    return switch (disk.superblock()) {
      case SuperblockV08 ignored -> OptionalInt.of(0);
      case SuperblockV09 nine -> {
        PeerRecord record = nine.peers().get(peer.orElseThrow());
        yield record.hasBitmap() ? OptionalInt.of(record.bitmapIndex()) : OptionalInt.empty();
      }
    };
  }

  private Superblock ordered(Superblock superblock, boolean wanted) {
    return switch (superblock) {
      case SuperblockV08 eight -> eight.withFlags(eight.flags().set(DeviceFlag.FULL_SYNC, wanted));
      case SuperblockV09 nine -> {
        SuperblockV09 changed = nine;
        for (int node = 0; node < SuperblockV09.NODES; node++) {
          if (peer.isEmpty() || peer.getAsInt() == node) {
            PeerRecord record = changed.peers().get(node);
            changed =
                changed.withPeer(
                    node, record.withFlags(record.flags().set(PeerFlag.FULL_SYNC, wanted)));
          }
        }
        yield changed;
      }
    };
  }
}
