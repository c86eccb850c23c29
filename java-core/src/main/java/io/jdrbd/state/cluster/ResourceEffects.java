package io.jdrbd.state.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.cluster.Effect.UuidNews;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What has to be done for the resource and its connections after a change (spec 4.6, 4.16, 4.19).
 */
final class ResourceEffects {
  private final Draft draft;
  private final List<Effect> effects = new ArrayList<>();

  ResourceEffects(Draft draft) {
    this.draft = draft;
  }

  List<Effect> list() {
    if (draft.old().isPrimary() && !draft.next().isPrimary()) {
      demoted();
    }
    if (!draft.old().isPrimary() && draft.next().isPrimary()) {
      promoted();
    }
    draft.next().connections().values().forEach(this::connection);
    if (draft.next().suspension().uuid() && !draft.old().suspension().uuid()) {
      effects.add(new Effect.EndUuidSuspension());
    }
    if (isAnyUp(draft.old()) && !isAnyUp(draft.next())) {
      effects.add(new Effect.ExpireTransaction());
    }
    return effects;
  }

  private void demoted() {
    draft
        .next()
        .connected()
        .forEach(
            connection -> {
              if (!connection.facts().isVersion84()) {
                effects.add(new Effect.SendRole(connection.peer()));
              }
              connection.devices().keySet().forEach(volume -> state(connection.peer(), volume));
            });
  }

  private void promoted() {
    for (int volume : draft.next().volumes().keySet()) {
      boolean forced =
          draft.disk(volume) == DiskState.UP_TO_DATE
              && draft.oldVolume(volume).disk().isBelow(DiskState.UP_TO_DATE);
      if (forced) {
        effects.add(new Effect.MakeNewUuid(volume, true));
      }
      for (int peer : draft.peers(volume)) {
        if (!draft.next().connection(peer).isConnected()) {
          continue;
        }
        if (forced) {
          effects.add(new Effect.SendUuids(peer, volume, UuidNews.VALUES));
          effects.add(new Effect.ConsiderResync(peer, volume));
        }
        state(peer, volume);
      }
    }
  }

  private void connection(ConnectionSnapshot after) {
    ConnectionSnapshot before = draft.oldConnection(after.peer());
    if (before.state() != ConnectionState.UNCONNECTED
        && after.state() == ConnectionState.UNCONNECTED) {
      effects.add(new Effect.StartReceiver(after.peer()));
    }
    if (before.isConnected() && !after.isConnected()) {
      lost(after);
    }
    if (after.suspendedByFencing()) {
      endFencing(after);
    }
    if (after.facts().fences() && isSound(draft.next(), after) && !isSound(draft.old(), before)) {
      effects.add(new Effect.UnfencePeer(after.peer()));
    }
  }

  private void lost(ConnectionSnapshot connection) {
    boolean unknown =
        connection.devices().values().stream()
            .anyMatch(device -> device.disk().isAtLeast(DiskState.D_UNKNOWN));
    effects.add(
        new Effect.RunHandler(
            "disconnected", OptionalInt.of(connection.peer()), OptionalInt.empty()));
    if (draft.next().isPrimary() && connection.facts().fences() && unknown) {
      effects.add(new Effect.FencePeer(connection.peer()));
    }
  }

  private void endFencing(ConnectionSnapshot connection) {
    boolean fenced =
        connection.devices().values().stream()
            .noneMatch(device -> device.disk().isAbove(DiskState.OUTDATED));
    boolean back =
        connection.devices().values().stream().allMatch(PeerDeviceSnapshot::isEstablished);
    if (back || fenced) {
      effects.add(new Effect.EndFencingSuspension(connection.peer(), !back));
    }
  }

  /** Whether all volumes are UpToDate on both sides. */
  private static boolean isSound(ResourceSnapshot resource, ConnectionSnapshot connection) {
    return !connection.devices().isEmpty()
        && connection.devices().values().stream()
            .allMatch(
                device ->
                    device.disk() == DiskState.UP_TO_DATE
                        && resource.volumes().containsKey(device.volume())
                        && resource.volume(device.volume()).disk() == DiskState.UP_TO_DATE);
  }

  private static boolean isAnyUp(ResourceSnapshot resource) {
    return resource.connections().values().stream()
        .anyMatch(connection -> connection.state().isAtLeast(ConnectionState.CONNECTING));
  }

  private void state(int peer, int volume) {
    effects.add(new Effect.SendState(peer, volume, StateWord.of(draft.next(), peer, volume)));
  }
}
