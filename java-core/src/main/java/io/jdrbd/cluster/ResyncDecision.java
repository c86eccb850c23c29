package io.jdrbd.cluster;

import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import io.jdrbd.state.cluster.PeerDeviceSnapshot;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.StateWord;
import io.jdrbd.state.sync.SyncAction;
import io.jdrbd.state.sync.SyncDecision;
import io.jdrbd.state.sync.SyncFacts;
import io.jdrbd.state.sync.SyncHandshake;
import io.jdrbd.state.sync.SyncOccasion;
import io.jdrbd.state.sync.SyncOutcome;
import io.jdrbd.state.sync.SyncSide;
import io.jdrbd.state.sync.SyncTerms;
import io.jdrbd.state.sync.UuidChange;
import io.jdrbd.wire.Feature;
import io.jdrbd.wire.ProtocolSettings;
import java.util.Optional;
import java.util.OptionalInt;

/** Who has the newer data of a volume, and what is done about it (spec 3.6, 3.7). */
final class ResyncDecision {
  private final PeerVolume device;
  private String reason = "";
  private boolean withoutResult;

  ResyncDecision(PeerVolume device) {
    this.device = device;
  }

  /** Why the last decision was taken. */
  String reason() {
    return reason;
  }

  /**
   * Whether the last decision was none: a disk that is attached has nothing to do with the other.
   */
  boolean isWithoutResult() {
    return withoutResult;
  }

  /**
   * Decides, and corrects identifiers and marks as the decision wants it.
   *
   * @param real the state of the peer's disk
   */
  SyncOutcome decide(StateWord word, DiskState real, SyncOccasion occasion) {
    return decide(word.role(), real, word.hasQuorum(), occasion);
  }

  /** Decides as the peer is known now. */
  SyncOutcome decide() {
    PeerDeviceSnapshot peer = device.snapshot();
    return decide(
        device.resource().now().connection(device.peer().nodeId()).peerRole(),
        peer.disk(),
        peer.facts().quorate(),
        SyncOccasion.CONSIDER_RESYNC);
  }

  private SyncOutcome decide(Role role, DiskState real, boolean quorate, SyncOccasion occasion) {
    SyncDecision decision = SyncHandshake.decide(facts(role, real, quorate, occasion));
    reason = decision.reason();
    device
        .resource()
        .listener()
        .decided(
            device.peer().nodeId(),
            "sync handshake of volume " + device.number(),
            decision.outcome() instanceof SyncOutcome.Replicate,
            reason);
    for (UuidChange change : decision.changes()) {
      change(change);
    }
    decision.actions().forEach(this::act);
    withoutResult = decision.outcome() instanceof SyncOutcome.NoResult;
    return decision.outcome();
  }

  private void change(UuidChange change) {
    Generations own = device.volume().local().generations();
    Generations theirs = device.identifiers().peer().orElseThrow();
    Generations changed = change.own(own, theirs);
    device.identifiers().setPeer(change.peer(own, theirs));
    if (!changed.equals(own)) {
      device.volume().local().setGenerations(changed, error -> {});
    }
  }

  private void act(SyncAction action) {
    switch (action) {
      case SET_BITMAP -> markAll();
      case CLEAR_BITMAP, COPY_BITMAP -> markAll();
      case DEMOTE -> device.resource().changeRole(Role.SECONDARY, false);
      case HANDLER_INITIAL_SPLIT_BRAIN -> handler("initial-split-brain");
      case HANDLER_SPLIT_BRAIN -> handler("split-brain");
      case HANDLER_PRI_LOST -> handler("pri-lost");
      case HANDLER_PRI_LOST_AFTER_SB -> handler("pri-lost-after-sb");
    }
  }

  private void handler(String name) {
    var _ =
        device
            .resource()
            .listener()
            .handler(name, OptionalInt.of(device.peer().nodeId()), OptionalInt.of(device.number()));
  }

  /** Everything is to be copied. The marks are durable before the first packet of the bitmap. */
  private void markAll() {
    device
        .slot()
        .ifPresent(
            slot -> {
              var bitmap = device.volume().backing().orElseThrow().bitmap();
              bitmap.set(slot, bitmap.all());
            });
  }

  private SyncFacts<Generations> facts(
      Role role, DiskState real, boolean quorate, SyncOccasion occasion) {
    ResourceSnapshot now = device.resource().now();
    PeerSettings settings = device.peer().settings();
    Identifiers identifiers = device.identifiers();
    Identifiers.Told told = told(occasion);
    SyncSide<Generations> own =
        new SyncSide<>(
            told.generations(),
            told.dirtyBlocks(),
            told.flags(),
            now.role(),
            now.ownDisk(device.number()),
            now.volume(device.number()).hasQuorum());
    SyncSide<Generations> peer =
        new SyncSide<>(
            identifiers.peer().orElseThrow(),
            identifiers.peerDirtyBlocks(),
            identifiers.peerFlags(),
            role,
            real,
            quorate);
    return new SyncFacts<>(
        own,
        peer,
        new SyncTerms(
            occasion,
            device.peer().dialect().protocolVersion(),
            settings.protocol() != ProtocolSettings.PROTOCOL_C,
            device.peer().resolvesConflicts(),
            device.peer().dialect().has(Feature.WSAME),
            settings.policies(),
            false,
            now.volumes().values().stream().allMatch(volume -> volume.writers() == 0),
            false,
            1L << device.peer().nodeId(),
            Optional.empty(),
            false));
  }

  /**
   * The peer decides on what it was told. Below version 110 it neither sends nor hears of
   * RECONNECT: with it on one side only, both would be the source after the crash of a Primary.
   */
  private Identifiers.Told told(SyncOccasion occasion) {
    Optional<Identifiers.Told> first = device.identifiers().told();
    return occasion == SyncOccasion.CONNECT && first.isPresent()
        ? first.get()
        : device.identifiers().now();
  }
}
