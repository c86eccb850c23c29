package io.jdrbd.state.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.ArrayList;
import java.util.List;

/** What has to be done before anybody sees the new state (spec 4.5). */
final class ImmediateEffects {
  private final Draft draft;
  private final List<Effect> effects = new ArrayList<>();

  ImmediateEffects(Draft draft) {
    this.draft = draft;
  }

  List<Effect> list() {
    draft.next().volumes().keySet().forEach(this::epoch);
    if (draft.old().isPrimary() && !draft.next().isPrimary()) {
      effects.add(new Effect.FlushPeerAcks());
    }
    draft.next().connections().values().forEach(this::connection);
    suspension();
    return effects;
  }

  private void epoch(int volume) {
    List<Integer> before =
        draft.peers(volume).stream().filter(p -> draft.oldDevice(p, volume).getsWrites()).toList();
    List<Integer> after =
        draft.peers(volume).stream().filter(p -> draft.device(p, volume).getsWrites()).toList();
    if (!before.equals(after)) {
      effects.add(new Effect.CloseEpoch(volume));
      after.stream()
          .filter(peer -> !before.contains(peer))
          .filter(peer -> !draft.next().connection(peer).facts().isVersion84())
          .forEach(peer -> effects.add(new Effect.SendDagtag(peer, volume)));
    }
  }

  private void connection(ConnectionSnapshot after) {
    ConnectionSnapshot before = draft.oldConnection(after.peer());
    ConnectionState state = after.state();
    if (before.isConnected() && !after.isConnected()) {
      boolean wasPrimary = before.peerRole() == Role.PRIMARY;
      effects.add(new Effect.ConnectionLost(after.peer(), wasPrimary));
    }
    if (before.state() != state) {
      boolean stands =
          before.state() != ConnectionState.STANDALONE && state == ConnectionState.STANDALONE;
      if (state == ConnectionState.DISCONNECTING
          || (stands && before.state() != ConnectionState.DISCONNECTING)) {
        effects.add(new Effect.StopReceiver(after.peer()));
      } else if (state.isReason() && before.state().isAtLeast(ConnectionState.CONNECTING)) {
        effects.add(new Effect.RestartReceiver(after.peer()));
      }
    }
    if (draft.old().isSuspended()) {
      after.devices().keySet().forEach(volume -> heldRequests(after.peer(), volume));
    }
  }

  private void heldRequests(int peer, int volume) {
    PeerDeviceSnapshot after = draft.device(peer, volume);
    if (draft.oldDevice(peer, volume).isEstablished() || !after.isEstablished()) {
      return;
    }
    effects.add(
        after.replication() == ReplicationState.ESTABLISHED
            ? new Effect.ResendRequests(peer, volume)
            : new Effect.CancelRequests(peer, volume));
  }

  private void suspension() {
    boolean before = draft.old().isSuspended();
    boolean after = draft.next().isSuspended();
    if (draft.next().failsIo() && !draft.old().failsIo()) {
      effects.add(new Effect.FailIo());
    }
    if (before != after) {
      effects.add(after ? new Effect.SuspendIo() : new Effect.ResumeIo());
    }
  }
}
