package io.jdrbd.cluster;

import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV08;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.rules.PeerFlagRules;
import io.jdrbd.wire.UuidFlags;
import io.jdrbd.wire.UuidPacket;

/** Notes in the metadata of a volume which nodes there are, as peers tell (spec 4.23, 5.2.1). */
final class KnownNodes {
  private final ClusterVolume volume;

  KnownNodes(ClusterVolume volume) {
    this.volume = volume;
  }

  /** A peer lists the nodes that it knows; this one is among them, as kernel nodes note as well. */
  void listed(UuidPacket.Uuids110 packet) {
    boolean unallocated = (packet.flags() & UuidFlags.HAS_UNALLOC) != 0;
    long spare = unallocated ? 1L << UuidFlags.unallocatedSlot(packet.flags()) : 0;
    volume
        .backing()
        .ifPresent(
            disk -> note(disk, packet.bitmapMask() & ~spare & withoutSlot(disk.superblock())));
  }

  /** P_CURRENT_UUID came from a node: it is there although it has no disk. */
  void hasNoDisk(int nodeId) {
    volume.backing().ifPresent(disk -> note(disk, 1L << nodeId));
  }

  private static long withoutSlot(Superblock superblock) {
    return switch (superblock) {
      case SuperblockV08 ignored -> 0;
      case SuperblockV09 nine -> {
        long nodes = 0;
        for (int node = 0; node < SuperblockV09.NODES; node++) {
          PeerRecord record = nine.peers().get(node);
          nodes |= record.hasBitmap() ? 0 : 1L << node;
        }
        yield nodes;
      }
    };
  }

  /** Not waited for: whoever counts nodes is told of them anew with every connection. */
  private static void note(BackingDisk disk, long nodes) {
    Superblock before = disk.superblock();
    if (!PeerFlagRules.existing(before, nodes).equals(before)) {
      disk.updateSuperblock(now -> PeerFlagRules.existing(now, nodes), error -> {});
    }
  }
}
