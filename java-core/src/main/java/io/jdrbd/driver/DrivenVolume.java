package io.jdrbd.driver;

import io.jdrbd.cluster.LocalVolume;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.attached.Completion;
import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.resource.Volume;
import io.jdrbd.resource.VolumeMetadata;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.VolumeFacts;
import io.jdrbd.state.WriteOrdering;
import io.jdrbd.state.cluster.VolumeSnapshot;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/** A volume of the object model as a resource with peers sees it. */
final class DrivenVolume implements LocalVolume {
  private final Volume volume;

  DrivenVolume(Volume volume) {
    this.volume = volume;
  }

  @Override
  public int number() {
    return volume.number();
  }

  @Override
  public String name() {
    return volume.name();
  }

  @Override
  public Optional<BackingDisk> backing() {
    return volume.diskState().isAbove(DiskState.FAILED)
        ? volume.metadata().map(VolumeMetadata::backing)
        : Optional.empty();
  }

  @Override
  public DiskGeometry geometry() {
    return backing().map(disk -> disk.data().geometry()).orElseGet(() -> volume.disk().geometry());
  }

  @Override
  public WriteOrdering writeOrdering() {
    return volume.config().writeOrdering();
  }

  private VolumeMetadata metadata() {
    return volume
        .metadata()
        .orElseThrow(() -> new IllegalStateException(volume.name() + " has no metadata"));
  }

  @Override
  public Generations generations() {
    return metadata()
        .generations()
        .orElseThrow(() -> new IllegalStateException(volume.name() + " has metadata of DRBD 8.4"));
  }

  @Override
  public void setGenerations(Generations changed, Completion done) {
    metadata().setGenerations(changed, done);
  }

  @Override
  public OptionalInt slotOf(int nodeId) {
    return volume.metadata().map(metadata -> slot(metadata, nodeId)).orElse(OptionalInt.empty());
  }

  private static OptionalInt slot(VolumeMetadata metadata, int nodeId) {
    OptionalInt present = metadata.slot(nodeId);
    return present.isPresent() ? present : metadata.allocateSlot(nodeId, error -> {});
  }

  @Override
  public boolean isCrashedPrimary() {
    return volume.metadata().map(VolumeMetadata::isCrashedPrimary).orElse(false);
  }

  @Override
  public void forgetCrash() {
    volume
        .metadata()
        .filter(VolumeMetadata::isCrashedPrimary)
        .ifPresent(metadata -> metadata.setCrashedPrimary(false, error -> {}));
  }

  @Override
  public DiskState diskState() {
    return volume.diskState();
  }

  @Override
  public void setDiskState(DiskState now, Completion done) {
    volume.setDiskState(now, done);
  }

  @Override
  public void releaseDisk() {
    volume.releaseDisk();
  }

  @Override
  public void writeFlags(Completion done) {
    Optional<VolumeMetadata> metadata =
        volume.diskState().isAbove(DiskState.FAILED) ? volume.metadata() : Optional.empty();
    metadata.ifPresentOrElse(present -> present.refresh(done), () -> done.ended(Optional.empty()));
  }

  @Override
  public VolumeSnapshot withOpeners(VolumeSnapshot snapshot) {
    VolumeFacts facts = volume.facts();
    return snapshot.withWriters(facts.writers()).withReaders(facts.readers());
  }

  @Override
  public int thinBytes() {
    return volume.config().resyncDiscardBytes(geometry().discardGranularityBytes());
  }

  @Override
  public long agreedSectors() {
    return metadata().superblock().common().effectiveSizeSectors();
  }

  @Override
  public long roomSectors() {
    return volume.sizing().roomSectors();
  }

  @Override
  public CompletionStage<Verdict> look() {
    return volume.sizing().look();
  }

  @Override
  public CompletionStage<Verdict> grow(long sectors, boolean outOfSync) {
    return volume.sizing().grow(sectors, outOfSync);
  }

  @Override
  public CompletionStage<Verdict> shrink(long sectors) {
    return volume.sizing().shrink(sectors);
  }

  @Override
  public long wishSectors() {
    return volume.config().sizeSectors().orElse(0);
  }

  @Override
  public void wish(long sectors) {
    volume.configureSize(sectors);
  }
}
