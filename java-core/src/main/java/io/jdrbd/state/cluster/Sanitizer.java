package io.jdrbd.state.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.List;

/** What follows from a change by itself, in the order of spec 4.3. */
final class Sanitizer {
  private final Draft draft;
  private final VolumeRules volumes;
  private final PeerDeviceRules devices;

  private Sanitizer(Draft draft) {
    this.draft = draft;
    this.volumes = new VolumeRules(draft);
    this.devices = new PeerDeviceRules(draft);
  }

  /** Resolves all that is implied by the change of this draft. */
  static void sanitize(Draft draft) {
    new Sanitizer(draft).run();
  }

  private void run() {
    boolean primaryMayHaveCrashed = false;
    for (int peer : List.copyOf(draft.next().connections().keySet())) {
      forgetUnconnected(peer);
      primaryMayHaveCrashed |= mayHaveCrashedAsPrimary(peer);
    }
    for (int volume : List.copyOf(draft.next().volumes().keySet())) {
      volumes.before(volume);
      draft.peers(volume).forEach(peer -> devices.apply(peer, volume));
      volumes.after(volume, primaryMayHaveCrashed);
    }
    SuspensionRules.apply(draft);
  }

  /** Rule (a); and without a connection there is no replication. */
  private void forgetUnconnected(int peer) {
    ConnectionSnapshot connection = draft.next().connection(peer);
    if (connection.isConnected()) {
      return;
    }
    draft.changeConnection(peer, c -> c.withPeerRole(Role.UNKNOWN));
    connection
        .devices()
        .keySet()
        .forEach(
            volume ->
                draft.setReplication(peer, volume, ReplicationState.OFF, "not connected any more"));
  }

  /** Rule (b): a connection to a Primary broke, and nobody has said why. */
  private boolean mayHaveCrashedAsPrimary(int peer) {
    ConnectionSnapshot before = draft.oldConnection(peer);
    ConnectionState state = draft.next().connection(peer).state();
    boolean broke =
        (state.isReason() && state != ConnectionState.TEAR_DOWN)
            || (state == ConnectionState.DISCONNECTING && draft.kind() == ChangeKind.HARD);
    return before.peerRole() == Role.PRIMARY && before.isConnected() && broke;
  }
}
