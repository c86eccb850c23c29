package io.jdrbd.state.cluster;

import static io.jdrbd.state.ReplicationState.ESTABLISHED;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.cluster.StateRequest.Outdates;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Whether other nodes must agree before a wished change may come into force (spec 4.8). Hard
 * changes never come here.
 */
public final class ClusterAgreement {
  private ClusterAgreement() {}

  /** Whom to ask, and what for. */
  public sealed interface Need {

    /** Nobody: the change is local. */
    record Nobody() implements Need {}

    /**
     * This peer below protocol version 110, by P_CONN_ST_CHG_REQ or, with a volume,
     * P_STATE_CHG_REQ.
     */
    record Peer(int peer, OptionalInt volume, StateRequest request) implements Need {}

    /**
     * All connected nodes, by a two-phase commit.
     *
     * @param target the one node that the change is about; empty: none
     */
    record Cluster(OptionalInt target, OptionalInt volume, StateRequest request) implements Need {}
  }

  /**
   * Who has to agree to a change that the own rules permit; in this order, one after the other.
   *
   * @param now the state in force
   * @param next what would come of the change here
   */
  public static List<Need> needed(ResourceSnapshot now, ResourceSnapshot next) {
    List<Need> needs = new ArrayList<>();
    if (now.role() != next.role()) {
      role(now, next, needs);
    }
    for (ConnectionSnapshot connection : now.connections().values()) {
      if (next.connections().containsKey(connection.peer())) {
        connection(now, next, connection, needs);
      }
    }
    for (int volume : now.volumes().keySet()) {
      if (next.volumes().containsKey(volume)) {
        disk(now, next, volume, needs);
      }
    }
    return needs;
  }

  private static void role(ResourceSnapshot now, ResourceSnapshot next, List<Need> needs) {
    boolean forced =
        next.isPrimary()
            && now.volumes().keySet().stream()
                .anyMatch(
                    volume ->
                        now.volume(volume).disk() != DiskState.UP_TO_DATE
                            && next.volume(volume).disk() == DiskState.UP_TO_DATE);
    now.connected()
        .filter(connection -> connection.facts().isVersion84())
        .forEach(
            connection ->
                needs.add(
                    new Need.Peer(
                        connection.peer(),
                        OptionalInt.empty(),
                        role(next, forced, DiskNumbering.VERSION_84))));
    if (now.connected().anyMatch(connection -> !connection.facts().isVersion84())) {
      needs.add(
          new Need.Cluster(
              OptionalInt.empty(),
              OptionalInt.empty(),
              role(next, forced, DiskNumbering.VERSION_9)));
    }
  }

  private static StateRequest role(ResourceSnapshot next, boolean forced, DiskNumbering numbering) {
    return forced ? StateRequest.forcedPromotion(numbering) : StateRequest.role(next.role());
  }

  private static void connection(
      ResourceSnapshot now, ResourceSnapshot next, ConnectionSnapshot before, List<Need> needs) {
    int peer = before.peer();
    ConnectionSnapshot after = next.connection(peer);
    if (before.isConnected() && after.state() == ConnectionState.DISCONNECTING) {
      DiskNumbering numbering = DiskNumbering.of(before.facts().protocolVersion());
      StateRequest request = StateRequest.disconnect(outdates(now, next, before, after), numbering);
      needs.add(need(before, OptionalInt.empty(), request));
      return;
    }
    for (PeerDeviceSnapshot device : before.devices().values()) {
      ReplicationState wanted = after.devices().get(device.volume()).replication();
      if (device.replication() != wanted && mustBeAsked(device.replication(), wanted)) {
        needs.add(need(before, OptionalInt.of(device.volume()), StateRequest.replication(wanted)));
      }
    }
  }

  private static boolean mustBeAsked(ReplicationState before, ReplicationState wanted) {
    return switch (wanted) {
      case STARTING_SYNC_S, STARTING_SYNC_T -> before.isAtLeast(ESTABLISHED);
      case VERIFY_S, WF_BITMAP_S, WF_BITMAP_T -> before == ESTABLISHED;
      case OFF,
          ESTABLISHED,
          WF_SYNC_UUID,
          SYNC_SOURCE,
          SYNC_TARGET,
          VERIFY_T,
          PAUSED_SYNC_S,
          PAUSED_SYNC_T,
          AHEAD,
          BEHIND ->
          false;
    };
  }

  /** Who is outdated: what the change itself says (spec 4.17.1). */
  private static Outdates outdates(
      ResourceSnapshot now,
      ResourceSnapshot next,
      ConnectionSnapshot before,
      ConnectionSnapshot after) {
    boolean peer =
        before.devices().values().stream()
            .anyMatch(
                device ->
                    device.disk() != DiskState.OUTDATED
                        && after.device(device.volume()).disk() == DiskState.OUTDATED);
    boolean own =
        before.devices().keySet().stream()
            .anyMatch(
                volume ->
                    now.volume(volume).disk() != DiskState.OUTDATED
                        && next.volume(volume).disk() == DiskState.OUTDATED);
    if (peer) {
      return Outdates.YOU;
    }
    return own ? Outdates.ME : Outdates.NOBODY;
  }

  private static void disk(
      ResourceSnapshot now, ResourceSnapshot next, int volume, List<Need> needs) {
    DiskState before = now.volume(volume).disk();
    DiskState after = next.volume(volume).disk();
    boolean attaches = before == DiskState.ATTACHING && after == DiskState.NEGOTIATING;
    boolean detaches = before.isAbove(DiskState.FAILED) && after == DiskState.DETACHING;
    OptionalInt number = OptionalInt.of(volume);
    if (detaches) {
      now.connected()
          .filter(connection -> connection.facts().isVersion84())
          .filter(connection -> isEstablished(connection, volume))
          .forEach(
              connection ->
                  needs.add(new Need.Peer(connection.peer(), number, StateRequest.detach())));
    }
    boolean cluster =
        now.connected()
            .filter(connection -> !connection.facts().isVersion84())
            .anyMatch(
                connection ->
                    attaches ? hasDisk(connection, volume) : isEstablished(connection, volume));
    if (cluster && (attaches || detaches)) {
      needs.add(
          new Need.Cluster(
              OptionalInt.empty(),
              number,
              attaches ? StateRequest.attach() : StateRequest.detach()));
    }
  }

  private static boolean isEstablished(ConnectionSnapshot connection, int volume) {
    PeerDeviceSnapshot device = connection.devices().get(volume);
    return device != null && device.isEstablished();
  }

  private static boolean hasDisk(ConnectionSnapshot connection, int volume) {
    PeerDeviceSnapshot device = connection.devices().get(volume);
    return device != null && device.disk() != DiskState.DISKLESS;
  }

  private static Need need(
      ConnectionSnapshot connection, OptionalInt volume, StateRequest request) {
    return connection.facts().isVersion84()
        ? new Need.Peer(connection.peer(), volume, request)
        : new Need.Cluster(OptionalInt.of(connection.peer()), volume, request);
  }
}
