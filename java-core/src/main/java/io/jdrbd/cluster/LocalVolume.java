package io.jdrbd.cluster;

import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.attached.Completion;
import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.WriteOrdering;
import io.jdrbd.state.cluster.VolumeSnapshot;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/** What a volume is on this node alone: its disk, its metadata, its users. Used on the loop. */
public interface LocalVolume {
  /** Its number in the resource. */
  int number();

  /** {@code r0/0}. */
  String name();

  /** The disk in use, if it has metadata for peers. */
  Optional<BackingDisk> backing();

  /** Sizes and granularities of the disk; meaningless without one. */
  DiskGeometry geometry();

  /** How writes of peers are kept in order on the disk; meaningless without one. */
  WriteOrdering writeOrdering();

  /** The generation identifiers on the disk. */
  Generations generations();

  /** Replaces the generation identifiers; {@code done} tells when they are durable. */
  void setGenerations(Generations changed, Completion done);

  /** Which bitmap is a peer's, given to it now if it has none and one is free. */
  OptionalInt slotOf(int nodeId);

  /** Whether this node was Primary and did not leave that role in order. */
  boolean isCrashedPrimary();

  /** Own and a peer's disk are UpToDate: the crash is history. */
  void forgetCrash();

  /** The state of the own disk. */
  DiskState diskState();

  /**
   * A rule has changed the state of the disk; its flags are written.
   *
   * @param done tells when they are durable
   */
  void setDiskState(DiskState now, Completion done);

  /** The rules have it that the disk leaves: it is closed when nothing uses it any more. */
  void releaseDisk();

  /**
   * Roles, members or peers are not what the metadata says: writes its flags anew.
   *
   * @param done tells when they are durable; at once without a disk
   */
  void writeFlags(Completion done);

  /** How many have it open, for the rules. */
  VolumeSnapshot withOpeners(VolumeSnapshot snapshot);

  /**
   * Pieces of a resync of exactly this size may become holes ({@code rs-discard-granularity}); 0
   * for none.
   */
  int thinBytes();

  /** The agreed size in sectors as written in the metadata; 0 if never agreed. */
  long agreedSectors();

  /** What the disk had room for when it was looked at last, in sectors; 0 without one. */
  long roomSectors();

  /**
   * Looks at the disk anew: it may have grown.
   *
   * @return refused if it cannot be used as it is now
   */
  CompletionStage<Verdict> look();

  /**
   * Uses more of the disk. What is new is marked, if it may differ, and that is durable when the
   * verdict comes.
   *
   * @param sectors not less than now, and not more than {@link #roomSectors}
   */
  CompletionStage<Verdict> grow(long sectors, boolean outOfSync);

  /**
   * Uses less of the disk: whoever needs what is behind the end has seen to it that nobody does.
   *
   * @param sectors not more than now
   */
  CompletionStage<Verdict> shrink(long sectors);

  /** The size that an administrator wants it to have, in sectors; 0 for all that everybody has. */
  long wishSectors();

  /** An administrator, here or at a peer, wants it to have another size. */
  void wish(long sectors);
}
