package io.jdrbd.cluster;

import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import io.jdrbd.state.cluster.ChangeKind;
import java.util.Optional;

/**
 * What a node without a disk makes of the generations that a peer tells: its applications must not
 * meet other data than they have seen (spec 3.8).
 */
final class SeenGeneration {
  private final PeerVolume device;
  private final ExposedGeneration exposed;

  SeenGeneration(PeerVolume device) {
    this.device = device;
    this.exposed = device.volume().exposed();
  }

  /** P_UUIDS110 on a connection that stands. */
  void told(long uuid) {
    exposed.confirmedBy(uuid);
    if (isDiskless() && !isPrimary() && isPeerUpToDate()) {
      exposed.learn(uuid);
    }
  }

  /** P_UUIDS: a peer of 8.4 begins generations by itself, also for a Primary without a disk. */
  void toldBelow110(long uuid) {
    if (isDiskless() && isPeerUpToDate()) {
      exposed.learn(uuid);
    }
  }

  /**
   * A peer is met that tells its generation.
   *
   * @param peerDisk the state of its disk
   * @return why its data is not what the applications of this Primary work on; empty if it is
   */
  Optional<String> foreign(DiskState peerDisk) {
    Optional<Generations> theirs = device.identifiers().peer();
    if (!isDiskless() || peerDisk != DiskState.UP_TO_DATE || theirs.isEmpty()) {
      return Optional.empty();
    }
    long uuid = theirs.get().current();
    if (!isPrimary() || exposed.isNone()) {
      exposed.learn(uuid);
    } else if (exposed.isUnconfirmedAfter(uuid)) {
      exposed.learn(uuid);
      oweGeneration();
    }
    return exposed.is(uuid)
        ? Optional.empty()
        : Optional.of(
            "applications work on generation %016X, the peer's disk has %016X"
                .formatted(exposed.current(), uuid));
  }

  /** The one that was begun has never been heard of: another is begun before the next write. */
  private void oweGeneration() {
    device
        .resource()
        .change(
            now -> now.changeVolume(device.number(), volume -> volume.withOwesNewUuid(true)),
            ChangeKind.HARD,
            "the generation that was begun did not get to the peer");
  }

  private boolean isDiskless() {
    return device.volume().backing().isEmpty();
  }

  private boolean isPrimary() {
    return device.resource().now().role() == Role.PRIMARY;
  }

  private boolean isPeerUpToDate() {
    return device.snapshot().disk() == DiskState.UP_TO_DATE;
  }
}
