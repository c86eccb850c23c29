package io.jdrbd.resource;

import io.jdrbd.disk.DiskException;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.attached.Completion;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV08;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.rules.FlagRules;
import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.metadata.rules.PeerFlagRules;
import io.jdrbd.metadata.rules.SuperblockRules;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The metadata of a volume while its disk is attached: generation identifiers, flags, bitmap slots,
 * bits, and what becomes of them when a state changes. What replication reads and changes on disk
 * goes through here. Used on the node's loop.
 *
 * <p>Every change is written at once; a {@link Completion} tells when it is on stable storage.
 */
public final class VolumeMetadata {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Volume volume;
  private final BackingDisk backing;
  private final Placement placement;
  private boolean crashedPrimary;

  /** Whether every write of the last time as Primary is in the bitmap on disk. */
  private boolean settled = true;

  private long promotions;

  /**
   * @param placement where the metadata is on its disk
   * @param crashedPrimary this node was Primary and did not leave that role in order
   */
  VolumeMetadata(Volume volume, BackingDisk backing, Placement placement, boolean crashedPrimary) {
    this.volume = volume;
    this.backing = backing;
    this.placement = placement;
    this.crashedPrimary = crashedPrimary;
  }

  /** Activity log, bitmaps and superblock in use. */
  public BackingDisk backing() {
    return backing;
  }

  /** The newest superblock, perhaps not on disk yet. */
  public Superblock superblock() {
    return backing.superblock();
  }

  /**
   * The generation identifiers.
   *
   * @return empty for metadata of DRBD 8.4, whose identifiers are in {@link #superblock}
   */
  public Optional<Generations> generations() {
    return superblock() instanceof SuperblockV09 nine
        ? Optional.of(Generations.of(nine))
        : Optional.empty();
  }

  /** Replaces the generation identifiers of v09 metadata. */
  public void setGenerations(Generations generations, Completion done) {
    backing.updateSuperblock(
        superblock ->
            superblock instanceof SuperblockV09 nine
                ? generations.into(nine, volume.resource().dagtag())
                : superblock,
        done);
  }

  /** Changes anything in the superblock. */
  public void update(UnaryOperator<Superblock> change, Completion done) {
    backing.updateSuperblock(change, done);
  }

  /** Whether this node was Primary and did not leave that role in order: decides resyncs. */
  public boolean isCrashedPrimary() {
    return crashedPrimary;
  }

  /** Own and a peer's disk are UpToDate, or a peer's mark was inherited (spec 3.5.6). */
  public void setCrashedPrimary(boolean crashed, Completion done) {
    crashedPrimary = crashed;
    stateChanged(volume.diskState(), done);
  }

  /** The bitmap slot of a peer; that of v08 metadata is 0 for whoever asks. */
  public OptionalInt slot(int nodeId) {
    return switch (superblock()) {
      case SuperblockV08 ignored -> OptionalInt.of(0);
      case SuperblockV09 nine -> {
        PeerRecord peer = nine.peers().get(nodeId);
        yield peer.hasBitmap() ? OptionalInt.of(peer.bitmapIndex()) : OptionalInt.empty();
      }
    };
  }

  /**
   * Gives a peer the lowest slot that nobody has, if it has none (spec 5.5.5). The slot keeps the
   * bits that it has tracked for all nodes without one.
   *
   * @return empty if there is no free slot; then nothing is written and {@code done} is not called
   */
  public OptionalInt allocateSlot(int nodeId, Completion done) {
    OptionalInt present = slot(nodeId);
    if (present.isPresent() || !(superblock() instanceof SuperblockV09 nine)) {
      update(UnaryOperator.identity(), done);
      return present;
    }
    OptionalInt free = nine.freeSlot();
    free.ifPresent(
        slot ->
            update(
                superblock ->
                    superblock instanceof SuperblockV09 now
                        ? now.withPeer(nodeId, now.peers().get(nodeId).withBitmapIndex(slot))
                        : superblock,
                done));
    return free;
  }

  /** Begins a new generation, if one is due, and writes it before anything else is written. */
  public void newGeneration(long forcedOn, boolean anyway, Completion done) {
    update(
        superblock ->
            SuperblockRules.newGeneration(
                superblock,
                PeerFacts.of(volume).peers(),
                forcedOn,
                anyway,
                isPrimary(),
                volume.resource().dagtag(),
                VolumeMetadata::randomUuid),
        done);
  }

  /** A random generation identifier; its lowest bit is 0. */
  public static long randomUuid() {
    long uuid;
    do {
      uuid = Generations.plain(RANDOM.nextLong());
    } while (uuid == 0 || uuid == Superblock.UUID_JUST_CREATED);
    return uuid;
  }

  /**
   * Writes the flags that follow from what role, disk and peers are now. Where nobody is Primary
   * any more, bitmap and data go first, as the activity log does not count from then on.
   */
  public void refresh(Completion done) {
    DiskState disk = volume.diskState();
    boolean was = superblock().flags().has(DeviceFlag.PRIMARY_IND);
    boolean is = withState(superblock(), disk, false).flags().has(DeviceFlag.PRIMARY_IND);
    if (was && !is) {
      backing.settle(superblock -> withState(superblock, disk, false), done);
    } else {
      stateChanged(disk, done);
    }
  }

  /**
   * Writes what role, disk and peers are now.
   *
   * @param present the disk's state before
   */
  void stateChanged(DiskState present, Completion done) {
    update(superblock -> withState(superblock, present, false), done);
  }

  /** This node is Primary from now on: must be on disk before its first write. */
  void promoted(Completion done) {
    settled = false;
    promotions++;
    update(
        superblock -> {
          Superblock changed = withState(superblock, volume.diskState(), false);
          return changed instanceof SuperblockV08 ? SuperblockRules.marked(changed, true) : changed;
        },
        done);
  }

  /**
   * This node is Secondary from now on, and no write is in flight. Bitmap and data first, the
   * superblock second. If the node has become Primary again meanwhile, this demotion says nothing
   * about the writes since then.
   */
  void demoted(Completion done) {
    long promotion = promotions;
    backing.settle(
        superblock -> {
          settled = !isPrimary() && promotions == promotion;
          Superblock changed = withState(superblock, volume.diskState(), false);
          return isPrimary() ? changed : SuperblockRules.marked(changed, false);
        },
        done);
  }

  /** The disk is being detached in order, and no write is in flight. */
  void detached(Completion done) {
    backing.settle(
        superblock -> {
          settled = true;
          return withState(superblock, DiskState.UP_TO_DATE, true);
        },
        done);
  }

  private Superblock withState(Superblock superblock, DiskState present, boolean inOrder) {
    PeerFacts peers = PeerFacts.of(volume);
    FlagRules.Disk before = DiskStates.forMetadata(present);
    FlagRules.Disk disk = DiskStates.forMetadata(volume.diskState());
    return SuperblockRules.stateChanged(
        PeerFlagRules.stateChanged(superblock, before, disk, peers.states()),
        before,
        new FlagRules.Facts(
            disk,
            isPrimary(),
            peers.anyPrimary(),
            inOrder,
            crashedPrimary,
            false,
            true,
            peers.upToDateElsewhere(),
            peers.writesInFlight() || !settled),
        peers.membersBesides() | 1L << volume.resource().nodeId(),
        Sectors.ofBytes(backing.sizeBytes()));
  }

  private boolean isPrimary() {
    return volume.resource().role() == Role.PRIMARY;
  }

  /**
   * Leaves an empty activity log and a superblock that says so, as {@code apply-al} does: the disk
   * can be attached by anybody. Nothing else may use the disk.
   */
  void leaveClean(Completion done) {
    backing.leaveClean(done);
  }

  /** Where the metadata is on its disk. */
  Placement placement() {
    return placement;
  }

  /** The newest position in the stream of writes that a bitmap identifier was set at. */
  long newestDagtag() {
    if (!(superblock() instanceof SuperblockV09 nine)) {
      return 0;
    }
    long newest = 0;
    for (int node = 0; node < SuperblockV09.NODES; node++) {
      PeerRecord peer = nine.peers().get(node);
      boolean counts = node != nine.nodeId() && peer.bitmapUuid() != 0;
      newest = counts ? Math.max(newest, peer.bitmapDagtag()) : newest;
    }
    return newest;
  }

  /** For the log. */
  String summary() {
    return "metadata %s, generation %016X%s"
        .formatted(
            superblock().version().text(),
            superblock().currentUuid(),
            crashedPrimary ? ", crashed while Primary" : "");
  }

  /** Who is to hear that metadata could not be written. */
  void whenFails(Consumer<DiskException> listener) {
    backing.whenMetadataFails(listener);
  }

  /** Nothing more is written; calls back when nothing is on its way and the disk can be closed. */
  void finish(Runnable then) {
    backing.finish(
        () -> {
          backing.release();
          then.run();
        });
  }
}
