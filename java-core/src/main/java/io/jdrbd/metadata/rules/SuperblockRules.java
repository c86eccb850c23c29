package io.jdrbd.metadata.rules;

import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.DeviceFlags;
import io.jdrbd.metadata.format.PeerFlag;
import io.jdrbd.metadata.format.PeerFlags;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV08;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.rules.Generations.Cluster;
import io.jdrbd.metadata.rules.Generations.Peer;
import java.util.List;
import java.util.function.LongSupplier;

/** What a superblock of either format becomes when something happens to its node. */
public final class SuperblockRules {
  private static final int NO_SLOT = -1;

  private SuperblockRules() {}

  /**
   * A state has changed (spec 5.4.2, 5.4.4, 5.4.5).
   *
   * @param present the disk's state before
   * @param members mask of the nodes in the partition, the own one included
   * @param sizeSectors of the data; becomes the agreed size once there is data that it describes
   */
  public static Superblock stateChanged(
      Superblock before,
      FlagRules.Disk present,
      FlagRules.Facts facts,
      long members,
      long sizeSectors) {
    Superblock changed =
        switch (before) {
          case SuperblockV08 eight -> {
            DeviceFlags flags = FlagRules84.after(eight.flags(), facts);
            boolean inUse = facts.disk().compareTo(FlagRules.Disk.INCONSISTENT) >= 0;
            yield (inUse ? eight.inUse() : eight).withFlags(flags);
          }
          case SuperblockV09 nine -> {
            DeviceFlags flags = FlagRules.after(nine.flags(), present, facts);
            yield nine.withMembers(members).withCommon(nine.common().withFlags(flags));
          }
        };
    boolean determined =
        changed.common().effectiveSizeSectors() != 0 || facts.disk() == FlagRules.Disk.UP_TO_DATE;
    return determined
        ? changed.withCommon(changed.common().withEffectiveSize(sizeSectors))
        : changed;
  }

  /** The agreed size, where there is data that it describes; 8.4 is not so strict. */
  public static Superblock sized(Superblock superblock, long sectors) {
    CommonFields common = superblock.common();
    boolean determined =
        superblock instanceof SuperblockV08
            || common.effectiveSizeSectors() != 0
            || superblock.flags().has(DeviceFlag.WAS_UP_TO_DATE);
    return determined ? superblock.withCommon(common.withEffectiveSize(sectors)) : superblock;
  }

  /**
   * Whether a peer that is away had a disk, so that the agreed size must not grow without it (spec
   * 5.9.1).
   *
   * @param peers node ids of the configured peers with a bitmap
   */
  public static boolean peersHoldSize(Superblock superblock, List<Integer> peers) {
    return superblock.common().effectiveSizeSectors() != 0
        && switch (superblock) {
          case SuperblockV08 ignored -> !peers.isEmpty();
          case SuperblockV09 nine ->
              peers.stream()
                  .anyMatch(node -> nine.peers().get(node).flags().has(PeerFlag.DEVICE_SEEN));
        };
  }

  /**
   * Says that everything is out of sync, and that nobody is to look at the activity log: as long as
   * log and bitmap are being written in a new place.
   */
  public static Superblock distrusting(Superblock trusted) {
    DeviceFlags flags = trusted.flags();
    boolean crashed = flags.has(DeviceFlag.CRASHED_PRIMARY) || flags.has(DeviceFlag.PRIMARY_IND);
    Superblock superblock =
        trusted.withFlags(
            flags.without(DeviceFlag.PRIMARY_IND).set(DeviceFlag.CRASHED_PRIMARY, crashed));
    return switch (superblock) {
      case SuperblockV08 eight -> eight.withFlags(eight.flags().with(DeviceFlag.FULL_SYNC));
      case SuperblockV09 nine ->
          nine.withPeers(
              nine.peers().stream()
                  .map(peer -> peer.withFlags(peer.flags().with(PeerFlag.FULL_SYNC)))
                  .toList());
    };
  }

  /** The disk's state that the flags lead to where no peer is there to tell (spec 3.9.2, 4.3.2). */
  public static FlagRules.Disk diskAtAttach(Superblock superblock) {
    DeviceFlags flags = superblock.flags();
    if (!flags.has(DeviceFlag.CONSISTENT)) {
      return FlagRules.Disk.INCONSISTENT;
    }
    if (!flags.has(DeviceFlag.WAS_UP_TO_DATE)) {
      return FlagRules.Disk.OUTDATED;
    }
    return PeerFlagRules.mayHaveNewerData(superblock)
        ? FlagRules.Disk.CONSISTENT
        : FlagRules.Disk.UP_TO_DATE;
  }

  /** The bit of the current generation that says whether its owner is Primary. */
  public static Superblock marked(Superblock superblock, boolean primary) {
    long current = superblock.currentUuid();
    if (current == Superblock.UUID_JUST_CREATED) {
      return superblock;
    }
    return superblock.withCurrentUuid(
        primary ? current | Superblock.UUID_PRIMARY : Generations.plain(current));
  }

  /**
   * A new generation begins, if one is due (spec 3.5.3).
   *
   * @param peers the configured peers
   * @param forcedOn mask of connected peers whose disk is Inconsistent, for a forced promotion
   * @param anyway v08 only: although the peer has missed an older generation already
   */
  public static Superblock newGeneration(
      Superblock superblock,
      List<Peer> peers,
      long forcedOn,
      boolean anyway,
      boolean primary,
      long dagtag,
      LongSupplier random) {
    return switch (superblock) {
      case SuperblockV08 eight -> {
        Generations84 generations = Generations84.of(eight);
        yield generations.bitmap() == 0 || anyway
            ? generations.newCurrent(random.getAsLong(), primary).into(eight)
            : eight;
      }
      case SuperblockV09 nine ->
          Generations.of(nine)
              .newCurrent(cluster(nine, peers), forcedOn, primary, random)
              .after()
              .into(nine, dagtag);
    };
  }

  /**
   * A node is forgotten: its record becomes like that of a node never seen, and its bitmap slot is
   * free (spec 5.10). The bits stay.
   */
  public static SuperblockV09 withoutPeer(SuperblockV09 superblock, int node) {
    PeerRecord like = PeerRecord.UNUSED;
    for (int other = SuperblockV09.NODES - 1; other >= 0; other--) {
      PeerRecord record = superblock.peers().get(other);
      if (other != superblock.nodeId() && other != node && record.isTotallyUnused()) {
        like = record;
        break;
      }
    }
    return superblock.withPeer(
        node,
        new PeerRecord(
            like.bitmapUuid(), like.bitmapDagtag(), PeerFlags.NONE, PeerRecord.NO_BITMAP));
  }

  /** What a superblock says of the bitmap slots, and the caller of the peers. */
  public static Cluster cluster(SuperblockV09 superblock, List<Peer> peers) {
    List<Integer> slots =
        superblock.peers().stream()
            .map(peer -> peer.hasBitmap() ? peer.bitmapIndex() : NO_SLOT)
            .toList();
    long taken = superblock.peers().stream().filter(PeerRecord::hasBitmap).count();
    return new Cluster(peers, slots, superblock.maxPeers() - (int) taken);
  }
}
