package io.jdrbd.state.cluster;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import java.util.Optional;

/** The disk state that the metadata gives (spec 4.3.2). */
final class MetadataVerdict {
  private MetadataVerdict() {}

  /** The state of a disk as its metadata describes it. */
  static DiskState disk(ResourceSnapshot resource, int volume) {
    MetadataMarks marks = resource.volume(volume).marks();
    if (!marks.consistent()) {
      return DiskState.INCONSISTENT;
    }
    if (!marks.wasUpToDate()) {
      return DiskState.OUTDATED;
    }
    return mayBeUpToDate(resource, volume) ? DiskState.UP_TO_DATE : DiskState.CONSISTENT;
  }

  /** Whether consistent data may be taken for current: nobody can have newer data. */
  static boolean mayBeUpToDate(ResourceSnapshot resource, int volume) {
    VolumeSnapshot own = resource.volume(volume);
    return !own.facts().reconciliationOwed()
        && !besidesForeignDisklessPrimary(resource, volume)
        && own.slots().entrySet().stream()
            .filter(entry -> entry.getKey() != resource.settings().nodeId())
            .filter(entry -> entry.getValue().bitmap() || entry.getValue().exists())
            .filter(entry -> entry.getValue().fencing())
            .allMatch(entry -> isHarmless(resource, volume, entry.getKey(), entry.getValue()));
  }

  private static boolean besidesForeignDisklessPrimary(ResourceSnapshot resource, int volume) {
    return resource.connections().values().stream()
        .filter(connection -> connection.peerRole() == Role.PRIMARY)
        .flatMap(connection -> Optional.ofNullable(connection.devices().get(volume)).stream())
        .anyMatch(device -> device.disk() == DiskState.DISKLESS && !device.facts().sameUuid());
  }

  private static boolean isHarmless(
      ResourceSnapshot resource, int volume, int node, SlotMarks marks) {
    Optional<PeerDeviceSnapshot> device =
        Optional.ofNullable(resource.connections().get(node))
            .flatMap(connection -> Optional.ofNullable(connection.devices().get(volume)));
    return device
        .map(peer -> isHarmless(resource.connection(node), peer, marks))
        .orElse(isHarmlessAbsent(marks));
  }

  private static boolean isHarmless(
      ConnectionSnapshot connection, PeerDeviceSnapshot device, SlotMarks marks) {
    return switch (device.disk()) {
      case CONSISTENT, UP_TO_DATE -> connection.isConnected();
      case INCONSISTENT, OUTDATED -> true;
      case DISKLESS -> !marks.seen() || isHarmlessAbsent(marks);
      case ATTACHING, DETACHING, FAILED, NEGOTIATING, D_UNKNOWN -> isHarmlessAbsent(marks);
    };
  }

  private static boolean isHarmlessAbsent(SlotMarks marks) {
    return marks.outdated() || !marks.bitmap();
  }
}
