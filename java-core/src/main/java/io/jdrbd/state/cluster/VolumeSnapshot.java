package io.jdrbd.state.cluster;

import io.jdrbd.state.DiskState;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A volume of the resource: its state, and the facts that the rules about it need (spec 4.1).
 *
 * <p>The facts from {@code writers} to {@code reconciliationOwed} are the caller's to keep right;
 * all else is kept by {@link StateChange}, except that the caller takes {@code owesNewUuid} back
 * when the UUID was made, and sets marks and slots from the metadata when the disk becomes
 * Attaching.
 *
 * @param number its number
 * @param disk the state of the own disk
 * @param hasQuorum as enforced: always true with quorum off
 * @param computedQuorum as computed, even with quorum off
 * @param owesNewUuid a new current UUID is to be made before the next write
 * @param lostQuorum this node lost quorum while Primary, and has not got it back
 * @param marks of the own disk in its metadata
 * @param slots by node id
 * @param writers how many have it open for writing
 * @param readers how many have it open for reading only
 * @param crashedPrimary the marker in memory (spec 3.5.6)
 * @param peerWritesInFlight a write of a peer may still be on its way to this disk
 * @param restoresQuorum quorum is assumed until it is there by itself (spec 4.18.3)
 * @param disklessByIntent it is configured to have no disk
 * @param uuidExposed users of this node have seen a generation of the data
 * @param reconciliationOwed after the loss of a Primary
 */
public record VolumeSnapshot(
    int number,
    DiskState disk,
    boolean hasQuorum,
    boolean computedQuorum,
    boolean owesNewUuid,
    boolean lostQuorum,
    MetadataMarks marks,
    SortedMap<Integer, SlotMarks> slots,
    int writers,
    int readers,
    boolean crashedPrimary,
    boolean peerWritesInFlight,
    boolean restoresQuorum,
    boolean disklessByIntent,
    boolean uuidExposed,
    boolean reconciliationOwed) {

  /** Copies the slots. */
  public VolumeSnapshot {
    slots = Collections.unmodifiableSortedMap(new TreeMap<>(slots));
  }

  /** A volume without a disk that nobody has open. */
  public static VolumeSnapshot diskless(int number) {
    return new VolumeSnapshot(
        number,
        DiskState.DISKLESS,
        true,
        true,
        false,
        false,
        MetadataMarks.NEW,
        Collections.emptySortedMap(),
        0,
        0,
        false,
        false,
        false,
        false,
        false,
        false);
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
        wanted,
        disk,
        hasQuorum,
        computedQuorum,
        owesNewUuid,
        lostQuorum,
        marks,
        slots,
        writers,
        readers,
        crashedPrimary,
        peerWritesInFlight,
        restoresQuorum,
        disklessByIntent,
        uuidExposed,
        reconciliationOwed);
  }

  /** The same but for {@link #disk}. */
  public VolumeSnapshot withDisk(DiskState wanted) {
    return new VolumeSnapshot(
        number,
        wanted,
        hasQuorum,
        computedQuorum,
        owesNewUuid,
        lostQuorum,
        marks,
        slots,
        writers,
        readers,
        crashedPrimary,
        peerWritesInFlight,
        restoresQuorum,
        disklessByIntent,
        uuidExposed,
        reconciliationOwed);
  }

  /** The same but for {@link #hasQuorum}. */
  public VolumeSnapshot withHasQuorum(boolean wanted) {
    return new VolumeSnapshot(
        number,
        disk,
        wanted,
        computedQuorum,
        owesNewUuid,
        lostQuorum,
        marks,
        slots,
        writers,
        readers,
        crashedPrimary,
        peerWritesInFlight,
        restoresQuorum,
        disklessByIntent,
        uuidExposed,
        reconciliationOwed);
  }

  /** The same but for {@link #computedQuorum}. */
  public VolumeSnapshot withComputedQuorum(boolean wanted) {
    return new VolumeSnapshot(
        number,
        disk,
        hasQuorum,
        wanted,
        owesNewUuid,
        lostQuorum,
        marks,
        slots,
        writers,
        readers,
        crashedPrimary,
        peerWritesInFlight,
        restoresQuorum,
        disklessByIntent,
        uuidExposed,
        reconciliationOwed);
  }

  /** The same but for {@link #owesNewUuid}. */
  public VolumeSnapshot withOwesNewUuid(boolean wanted) {
    return new VolumeSnapshot(
        number,
        disk,
        hasQuorum,
        computedQuorum,
        wanted,
        lostQuorum,
        marks,
        slots,
        writers,
        readers,
        crashedPrimary,
        peerWritesInFlight,
        restoresQuorum,
        disklessByIntent,
        uuidExposed,
        reconciliationOwed);
  }

  /** The same but for {@link #lostQuorum}. */
  public VolumeSnapshot withLostQuorum(boolean wanted) {
    return new VolumeSnapshot(
        number,
        disk,
        hasQuorum,
        computedQuorum,
        owesNewUuid,
        wanted,
        marks,
        slots,
        writers,
        readers,
        crashedPrimary,
        peerWritesInFlight,
        restoresQuorum,
        disklessByIntent,
        uuidExposed,
        reconciliationOwed);
  }

  /** The same but for {@link #marks}. */
  public VolumeSnapshot withMarks(MetadataMarks wanted) {
    return new VolumeSnapshot(
        number,
        disk,
        hasQuorum,
        computedQuorum,
        owesNewUuid,
        lostQuorum,
        wanted,
        slots,
        writers,
        readers,
        crashedPrimary,
        peerWritesInFlight,
        restoresQuorum,
        disklessByIntent,
        uuidExposed,
        reconciliationOwed);
  }

  /** The same but for {@link #slots}. */
  public VolumeSnapshot withSlots(SortedMap<Integer, SlotMarks> wanted) {
    return new VolumeSnapshot(
        number,
        disk,
        hasQuorum,
        computedQuorum,
        owesNewUuid,
        lostQuorum,
        marks,
        wanted,
        writers,
        readers,
        crashedPrimary,
        peerWritesInFlight,
        restoresQuorum,
        disklessByIntent,
        uuidExposed,
        reconciliationOwed);
  }

  /** The same but for {@link #writers}. */
  public VolumeSnapshot withWriters(int wanted) {
    return new VolumeSnapshot(
        number,
        disk,
        hasQuorum,
        computedQuorum,
        owesNewUuid,
        lostQuorum,
        marks,
        slots,
        wanted,
        readers,
        crashedPrimary,
        peerWritesInFlight,
        restoresQuorum,
        disklessByIntent,
        uuidExposed,
        reconciliationOwed);
  }

  /** The same but for {@link #readers}. */
  public VolumeSnapshot withReaders(int wanted) {
    return new VolumeSnapshot(
        number,
        disk,
        hasQuorum,
        computedQuorum,
        owesNewUuid,
        lostQuorum,
        marks,
        slots,
        writers,
        wanted,
        crashedPrimary,
        peerWritesInFlight,
        restoresQuorum,
        disklessByIntent,
        uuidExposed,
        reconciliationOwed);
  }

  /** The same but for {@link #crashedPrimary}. */
  public VolumeSnapshot withCrashedPrimary(boolean wanted) {
    return new VolumeSnapshot(
        number,
        disk,
        hasQuorum,
        computedQuorum,
        owesNewUuid,
        lostQuorum,
        marks,
        slots,
        writers,
        readers,
        wanted,
        peerWritesInFlight,
        restoresQuorum,
        disklessByIntent,
        uuidExposed,
        reconciliationOwed);
  }

  /** The same but for {@link #peerWritesInFlight}. */
  public VolumeSnapshot withPeerWritesInFlight(boolean wanted) {
    return new VolumeSnapshot(
        number,
        disk,
        hasQuorum,
        computedQuorum,
        owesNewUuid,
        lostQuorum,
        marks,
        slots,
        writers,
        readers,
        crashedPrimary,
        wanted,
        restoresQuorum,
        disklessByIntent,
        uuidExposed,
        reconciliationOwed);
  }

  /** The same but for {@link #restoresQuorum}. */
  public VolumeSnapshot withRestoresQuorum(boolean wanted) {
    return new VolumeSnapshot(
        number,
        disk,
        hasQuorum,
        computedQuorum,
        owesNewUuid,
        lostQuorum,
        marks,
        slots,
        writers,
        readers,
        crashedPrimary,
        peerWritesInFlight,
        wanted,
        disklessByIntent,
        uuidExposed,
        reconciliationOwed);
  }

  /** The same but for {@link #disklessByIntent}. */
  public VolumeSnapshot withDisklessByIntent(boolean wanted) {
    return new VolumeSnapshot(
        number,
        disk,
        hasQuorum,
        computedQuorum,
        owesNewUuid,
        lostQuorum,
        marks,
        slots,
        writers,
        readers,
        crashedPrimary,
        peerWritesInFlight,
        restoresQuorum,
        wanted,
        uuidExposed,
        reconciliationOwed);
  }

  /** The same but for {@link #uuidExposed}. */
  public VolumeSnapshot withUuidExposed(boolean wanted) {
    return new VolumeSnapshot(
        number,
        disk,
        hasQuorum,
        computedQuorum,
        owesNewUuid,
        lostQuorum,
        marks,
        slots,
        writers,
        readers,
        crashedPrimary,
        peerWritesInFlight,
        restoresQuorum,
        disklessByIntent,
        wanted,
        reconciliationOwed);
  }

  /** The same but for {@link #reconciliationOwed}. */
  public VolumeSnapshot withReconciliationOwed(boolean wanted) {
    return new VolumeSnapshot(
        number,
        disk,
        hasQuorum,
        computedQuorum,
        owesNewUuid,
        lostQuorum,
        marks,
        slots,
        writers,
        readers,
        crashedPrimary,
        peerWritesInFlight,
        restoresQuorum,
        disklessByIntent,
        uuidExposed,
        wanted);
  }
}
