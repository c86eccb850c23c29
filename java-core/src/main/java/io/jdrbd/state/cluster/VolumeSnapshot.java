package io.jdrbd.state.cluster;

import io.jdrbd.state.DiskState;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A volume of the resource: its state, and the facts that the rules about it need (spec 4.1).
 *
 * <p>The caller keeps {@code writers}, {@code readers} and {@code facts} right, takes {@code
 * owesNewUuid} back when the UUID was made, and sets {@code crashedPrimary}, marks and slots from
 * the metadata when the disk becomes Attaching. All else is kept by {@link StateChange}.
 *
 * @param number its number
 * @param disk the state of the own disk
 * @param quorum whether there is quorum
 * @param owesNewUuid a new current UUID is to be made before the next write
 * @param crashedPrimary the marker in memory (spec 3.5.6)
 * @param marks of the own disk in its metadata
 * @param slots by node id
 * @param writers how many have it open for writing
 * @param readers how many have it open for reading only
 * @param facts what else is known
 */
public record VolumeSnapshot(
    int number,
    DiskState disk,
    QuorumState quorum,
    boolean owesNewUuid,
    boolean crashedPrimary,
    MetadataMarks marks,
    SortedMap<Integer, SlotMarks> slots,
    int writers,
    int readers,
    DeviceFacts facts) {

  /** Copies the slots. */
  public VolumeSnapshot {
    slots = Collections.unmodifiableSortedMap(new TreeMap<>(slots));
  }

  /** A volume without a disk that nobody has open. */
  public static VolumeSnapshot diskless(int number) {
    return new VolumeSnapshot(
        number,
        DiskState.DISKLESS,
        QuorumState.PRESENT,
        false,
        false,
        MetadataMarks.NEW,
        Collections.emptySortedMap(),
        0,
        0,
        DeviceFacts.DEFAULT);
  }

  /** Whether there is quorum, as it counts: always with quorum off. */
  public boolean hasQuorum() {
    return quorum.enforced();
  }

  /** What the metadata says about a node. */
  public SlotMarks slot(int nodeId) {
    return slots.getOrDefault(nodeId, SlotMarks.NONE);
  }

  /** The same but for what the metadata says about a node. */
  public VolumeSnapshot withSlot(int nodeId, SlotMarks wanted) {
    SortedMap<Integer, SlotMarks> changed = new TreeMap<>(slots);
    changed.put(nodeId, wanted);
    return withSlots(changed);
  }

  boolean isOpen() {
    return writers > 0 || readers > 0;
  }

  /** The same but for {@link #number}. */
  public VolumeSnapshot withNumber(int wanted) {
    return new VolumeSnapshot(
        wanted, disk, quorum, owesNewUuid, crashedPrimary, marks, slots, writers, readers, facts);
  }

  /** The same but for {@link #disk}. */
  public VolumeSnapshot withDisk(DiskState wanted) {
    return new VolumeSnapshot(
        number, wanted, quorum, owesNewUuid, crashedPrimary, marks, slots, writers, readers, facts);
  }

  /** The same but for {@link #quorum}. */
  public VolumeSnapshot withQuorum(QuorumState wanted) {
    return new VolumeSnapshot(
        number, disk, wanted, owesNewUuid, crashedPrimary, marks, slots, writers, readers, facts);
  }

  /** The same but for {@link #owesNewUuid}. */
  public VolumeSnapshot withOwesNewUuid(boolean wanted) {
    return new VolumeSnapshot(
        number, disk, quorum, wanted, crashedPrimary, marks, slots, writers, readers, facts);
  }

  /** The same but for {@link #crashedPrimary}. */
  public VolumeSnapshot withCrashedPrimary(boolean wanted) {
    return new VolumeSnapshot(
        number, disk, quorum, owesNewUuid, wanted, marks, slots, writers, readers, facts);
  }

  /** The same but for {@link #marks}. */
  public VolumeSnapshot withMarks(MetadataMarks wanted) {
    return new VolumeSnapshot(
        number, disk, quorum, owesNewUuid, crashedPrimary, wanted, slots, writers, readers, facts);
  }

  /** The same but for {@link #slots}. */
  public VolumeSnapshot withSlots(SortedMap<Integer, SlotMarks> wanted) {
    return new VolumeSnapshot(
        number, disk, quorum, owesNewUuid, crashedPrimary, marks, wanted, writers, readers, facts);
  }

  /** The same but for {@link #writers}. */
  public VolumeSnapshot withWriters(int wanted) {
    return new VolumeSnapshot(
        number, disk, quorum, owesNewUuid, crashedPrimary, marks, slots, wanted, readers, facts);
  }

  /** The same but for {@link #readers}. */
  public VolumeSnapshot withReaders(int wanted) {
    return new VolumeSnapshot(
        number, disk, quorum, owesNewUuid, crashedPrimary, marks, slots, writers, wanted, facts);
  }

  /** The same but for {@link #facts}. */
  public VolumeSnapshot withFacts(DeviceFacts wanted) {
    return new VolumeSnapshot(
        number, disk, quorum, owesNewUuid, crashedPrimary, marks, slots, writers, readers, wanted);
  }
}
