package io.jdrbd.state.cluster;

import static org.assertj.core.api.Assertions.fail;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.List;

/** Small resources to begin a test with: this is node 0, the peer node 1, the volume is 0. */
final class Snapshots {
  static final int VERSION_84 = 101;
  static final int VERSION_9 = 123;

  private Snapshots() {}

  /** One volume and one connection, which stands; both disks UpToDate, both Secondary. */
  static ResourceSnapshot connected(int protocolVersion) {
    PeerDeviceFacts known = PeerDeviceFacts.DEFAULT.withStable(true).withSameUuid(true);
    PeerDeviceSnapshot device =
        PeerDeviceSnapshot.unknown(0)
            .withReplication(ReplicationState.ESTABLISHED)
            .withDisk(DiskState.UP_TO_DATE)
            .withFacts(known);
    ConnectionSnapshot connection =
        ConnectionSnapshot.standAlone(1)
            .withState(ConnectionState.CONNECTED)
            .withPeerRole(Role.SECONDARY)
            .withFacts(
                ConnectionFacts.DEFAULT
                    .withProtocolVersion(protocolVersion)
                    .withVerifyAlgorithm(true))
            .withDevice(device);
    MetadataMarks marks =
        MetadataMarks.NEW
            .withConsistent(true)
            .withWasUpToDate(true)
            .withActivityLogClean(false)
            .withHasQuorum(true);
    SlotMarks slot = SlotMarks.BITMAP.withConnected(true).withSeen(true);
    return ResourceSnapshot.of(ResourceSettings.defaults(0))
        .withMembers(3)
        .withVolume(
            VolumeSnapshot.diskless(0)
                .withDisk(DiskState.UP_TO_DATE)
                .withMarks(marks)
                .withSlot(1, slot))
        .withConnection(connection);
  }

  static ResourceSnapshot connected84() {
    return connected(VERSION_84);
  }

  static ResourceSnapshot connected9() {
    return connected(VERSION_9);
  }

  /** The same with things changed, each written as in a {@link KernelLog}. */
  static ResourceSnapshot with(ResourceSnapshot resource, String changes) {
    ResourceSnapshot changed = resource;
    for (String change : changes.strip().split(" +", -1)) {
      if (!change.isEmpty()) {
        changed = KernelLog.change(changed, change);
      }
    }
    return changed;
  }

  static Outcome.Changed changed(ResourceSnapshot now, ResourceSnapshot wanted, ChangeKind kind) {
    return switch (StateChange.apply(now, wanted, kind)) {
      case Outcome.Changed changed -> changed;
      case Outcome.Unchanged unchanged -> fail("nothing changed");
      case Outcome.Refused refused -> fail(refused.toString());
    };
  }

  static List<String> lines(ResourceSnapshot now, ResourceSnapshot wanted, ChangeKind kind) {
    return StateText.lines(now, changed(now, wanted, kind).after());
  }
}
