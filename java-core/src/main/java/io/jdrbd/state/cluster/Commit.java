package io.jdrbd.state.cluster;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;

/**
 * What the COMMIT of a two-phase commit says besides the change itself, and what that does to this
 * node: who is a member, and whether a Primary writes what does not come here (spec 4.11, 4.12,
 * 4.15, 4.17).
 *
 * @param kind what the transaction is about, as this node sees it
 * @param primaryNodes bit n is set: node n is Primary after the change
 * @param reachableNodes bit n is set: node n is in this part of the cluster after the change; 0 if
 *     the packet does not tell
 * @param primaryIncapable there is a Primary, but none that can reach UpToDate data
 */
public record Commit(Kind kind, long primaryNodes, long reachableNodes, boolean primaryIncapable) {

  /** What a transaction is about, for one node. */
  public enum Kind {
    /** A connection of this node comes or goes. */
    OWN_CONNECTION,
    /** Something else of a direct neighbour: its role, its disk, a resync with it. */
    NEIGHBOUR,
    /** Nothing that this node has a connection to. */
    FAR_AWAY,
    /** Nothing at all: the survivors ask each other who is left (the empty transaction). */
    EMPTY
  }

  /**
   * What a node wants that was asked and gets the COMMIT.
   *
   * @param now the state in force
   * @param wanted the same with the change itself
   */
  public ResourceSnapshot atParticipant(ResourceSnapshot now, ResourceSnapshot wanted) {
    ResourceSnapshot counted =
        reachableNodes != 0 && believesMembers(now) ? wanted.withMembers(reachableNodes) : wanted;
    return mustOutdate(wanted) ? outdated(counted) : counted;
  }

  /**
   * What the node wants that has asked.
   *
   * @param now the state in force
   * @param wanted the same with the change itself
   */
  public ResourceSnapshot atInitiator(ResourceSnapshot now, ResourceSnapshot wanted) {
    ResourceSnapshot counted = reachableNodes != 0 ? wanted.withMembers(reachableNodes) : wanted;
    if (mustOutdate(wanted)) {
      return outdated(counted);
    }
    if (wanted.isPrimary() && !now.isPrimary()) {
      return withUnseenPeersOutdated(counted);
    }
    return kind == Kind.EMPTY ? upToDate(counted) : counted;
  }

  /** A transaction that was committed elsewhere is believed if somebody here has quorum. */
  private static boolean believesMembers(ResourceSnapshot now) {
    return now.volumes().values().stream().allMatch(VolumeSnapshot::hasQuorum)
        || now.connected()
            .anyMatch(
                connection ->
                    connection.devices().values().stream()
                        .allMatch(device -> device.facts().quorate()));
  }

  /** Whether a Primary that this node is not connected to goes on writing. */
  private boolean mustOutdate(ResourceSnapshot wanted) {
    long connected =
        wanted
            .connected()
            .mapToLong(connection -> 1L << connection.peer())
            .reduce(1L << wanted.settings().nodeId(), (one, other) -> one | other);
    boolean unseenPrimary = (primaryNodes & ~connected) != 0;
    return unseenPrimary
        && switch (kind) {
          case OWN_CONNECTION -> true;
          case FAR_AWAY, EMPTY -> !primaryIncapable;
          case NEIGHBOUR -> false;
        };
  }

  private static ResourceSnapshot outdated(ResourceSnapshot resource) {
    ResourceSnapshot changed = resource;
    for (VolumeSnapshot volume : resource.volumes().values()) {
      if (volume.disk().isAbove(DiskState.OUTDATED)) {
        changed = changed.changeVolume(volume.number(), v -> v.withDisk(DiskState.OUTDATED));
      }
    }
    return changed;
  }

  /** They outdate themselves when they hear of a Primary that they do not see. */
  private ResourceSnapshot withUnseenPeersOutdated(ResourceSnapshot resource) {
    ResourceSnapshot changed = resource;
    for (ConnectionSnapshot connection : resource.connections().values()) {
      boolean reachable = (reachableNodes & 1L << connection.peer()) != 0;
      if (reachable && !connection.isConnected()) {
        changed =
            changed.changeConnection(
                connection.peer(),
                c -> c.changeDevices(device -> device.withDisk(DiskState.OUTDATED)));
      }
    }
    return changed;
  }

  /** Nobody who is left has newer data. */
  private static ResourceSnapshot upToDate(ResourceSnapshot resource) {
    ResourceSnapshot changed = resource;
    for (VolumeSnapshot volume : resource.volumes().values()) {
      boolean waits =
          volume.facts().reconciliationOwed()
              || resource.connections().values().stream()
                  .filter(connection -> connection.peerRole() == Role.PRIMARY)
                  .filter(connection -> connection.devices().containsKey(volume.number()))
                  .map(connection -> connection.device(volume.number()))
                  .anyMatch(
                      device -> device.disk() == DiskState.DISKLESS && !device.facts().sameUuid());
      if (volume.disk() == DiskState.CONSISTENT && !waits) {
        changed = changed.changeVolume(volume.number(), v -> v.withDisk(DiskState.UP_TO_DATE));
      }
    }
    return changed;
  }
}
