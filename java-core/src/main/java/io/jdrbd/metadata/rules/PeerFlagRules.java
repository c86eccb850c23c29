package io.jdrbd.metadata.rules;

import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.PeerFlag;
import io.jdrbd.metadata.format.PeerFlags;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV08;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.rules.FlagRules.Disk;
import java.util.List;

/**
 * What a superblock says of the peers (spec 5.2.1; 5.3.1 for metadata of DRBD 8.4), and what that
 * means when the disk is attached again.
 */
public final class PeerFlagRules {
  private PeerFlagRules() {}

  /**
   * A configured peer after a state change.
   *
   * @param nodeId of the peer
   * @param connected the replication state is above Off
   * @param disk the state of its disk, as far as it is known
   * @param fenced its connection has a fencing policy
   * @param disklessByIntent it is configured to have no bitmap here, as it has no disk
   */
  public record Peer(
      int nodeId, boolean connected, Disk disk, boolean fenced, boolean disklessByIntent) {

    private boolean isOutdated() {
      return disk == Disk.INCONSISTENT || disk == Disk.OUTDATED;
    }

    private boolean hasDisk() {
      return disk.compareTo(Disk.INCONSISTENT) >= 0 && disk != Disk.UNKNOWN;
    }
  }

  /**
   * A state has changed.
   *
   * @param present the own disk's state before
   * @param disk and after the change
   */
  public static Superblock stateChanged(
      Superblock before, Disk present, Disk disk, List<Peer> peers) {
    return switch (before) {
      case SuperblockV08 eight -> {
        boolean inUse = disk.compareTo(Disk.INCONSISTENT) >= 0;
        yield inUse && !peers.isEmpty() ? withPeer(eight, peers.getFirst()) : eight;
      }
      case SuperblockV09 nine -> {
        boolean kept = present.compareTo(Disk.DETACHING) >= 0 && disk != Disk.NEGOTIATING;
        yield kept ? withPeers(nine, peers) : nine;
      }
    };
  }

  private static Superblock withPeer(SuperblockV08 before, Peer peer) {
    return before.withFlags(
        before
            .flags()
            .set(DeviceFlag.CONNECTED_IND, peer.connected())
            .set(DeviceFlag.PEER_OUT_DATED, peer.isOutdated()));
  }

  private static SuperblockV09 withPeers(SuperblockV09 before, List<Peer> peers) {
    SuperblockV09 changed = before;
    for (Peer peer : peers) {
      PeerRecord record = changed.peers().get(peer.nodeId());
      if (record.hasBitmap()) {
        changed = changed.withPeer(peer.nodeId(), record.withFlags(after(record.flags(), peer)));
      }
    }
    return changed;
  }

  private static PeerFlags after(PeerFlags before, Peer peer) {
    boolean never = peer.disk() == Disk.DISKLESS && peer.disklessByIntent();
    return before
        .set(PeerFlag.CONNECTED, peer.connected())
        .set(PeerFlag.OUTDATED, peer.isOutdated())
        .set(PeerFlag.FENCING, peer.fenced())
        .set(PeerFlag.DEVICE_SEEN, peer.hasDisk() || (before.has(PeerFlag.DEVICE_SEEN) && !never));
  }

  /**
   * Nodes were heard of: they count wherever nodes are counted.
   *
   * @param nodes mask of node ids; v08 metadata has no place for them
   */
  public static Superblock existing(Superblock before, long nodes) {
    if (!(before instanceof SuperblockV09 nine)) {
      return before;
    }
    SuperblockV09 changed = nine;
    for (int node = 0; node < SuperblockV09.NODES; node++) {
      PeerRecord record = changed.peers().get(node);
      if ((nodes >>> node & 1) != 0 && !record.flags().has(PeerFlag.NODE_EXISTS)) {
        changed =
            changed.withPeer(node, record.withFlags(record.flags().with(PeerFlag.NODE_EXISTS)));
      }
    }
    return changed;
  }

  /** Whether the peer's disk was known not to be current when the flags were written. */
  public static boolean isOutdated(Superblock superblock, int nodeId) {
    return switch (superblock) {
      case SuperblockV08 eight -> eight.flags().has(DeviceFlag.PEER_OUT_DATED);
      case SuperblockV09 nine -> nine.peers().get(nodeId).flags().has(PeerFlag.OUTDATED);
    };
  }

  /**
   * Whether a peer that is fenced may have newer data: it has a bitmap, so it may have been
   * Primary, and is not known to be outdated (spec 4.3.2). v08 metadata does not know of fencing.
   */
  public static boolean mayHaveNewerData(Superblock superblock) {
    return superblock instanceof SuperblockV09 nine
        && nine.peers().stream()
            .filter(PeerRecord::hasBitmap)
            .map(PeerRecord::flags)
            .anyMatch(flags -> flags.has(PeerFlag.FENCING) && !flags.has(PeerFlag.OUTDATED));
  }
}
