package io.jdrbd.cluster;

import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.DiskNumbering;
import io.jdrbd.state.cluster.Outcome;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.StateWord;
import io.jdrbd.state.sizes.OwnSize;
import io.jdrbd.state.sizes.PeerSize;
import io.jdrbd.state.sizes.SizeRules;
import io.jdrbd.state.sizes.SizeVerdict;
import io.jdrbd.state.sizes.ToldSizes;
import io.jdrbd.state.sync.SyncAction;
import io.jdrbd.state.sync.SyncDecision;
import io.jdrbd.state.sync.SyncFacts;
import io.jdrbd.state.sync.SyncHandshake;
import io.jdrbd.state.sync.SyncOccasion;
import io.jdrbd.state.sync.SyncOutcome;
import io.jdrbd.state.sync.SyncSide;
import io.jdrbd.state.sync.SyncTerms;
import io.jdrbd.state.sync.UuidChange;
import io.jdrbd.state.sync.UuidFlag;
import io.jdrbd.wire.Feature;
import io.jdrbd.wire.NegotiationPacket;
import io.jdrbd.wire.StatePacket;
import io.jdrbd.wire.UuidPacket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a peer says of a volume, and what both make of it: sizes, generation identifiers, states,
 * and who has the newer data (spec 3).
 */
final class PeerNegotiation {
  private static final long NO_SLOT = -1;

  private static final int VERSION_9 = 110;

  private final PeerVolume device;
  private Optional<Generations> peerUuids = Optional.empty();
  private Set<UuidFlag> peerFlags = EnumSet.noneOf(UuidFlag.class);
  private long peerDirtyBlocks;
  private boolean stateReceived;
  private boolean consider;

  PeerNegotiation(PeerVolume device) {
    this.device = device;
  }

  /** What the peer has said of its generations on this connection. */
  Optional<Generations> peerUuids() {
    return peerUuids;
  }

  /** Both have the same now; the peer's identifiers are the own ones. */
  void peerIsInSync(Generations own) {
    peerUuids =
        Optional.of(
            new Generations(device.peer().nodeId(), own.current(), noSlots(), own.history()));
  }

  /** Whether the peer's first state has come and was acted on. */
  boolean isDone() {
    return stateReceived;
  }

  void considerResync() {
    consider = true;
  }

  void reset() {
    peerUuids = Optional.empty();
    peerFlags = EnumSet.noneOf(UuidFlag.class);
    stateReceived = false;
    consider = false;
  }

  /** P_SYNC_PARAM89 (spec 1.9). */
  void syncParam(NegotiationPacket.SyncParam89 peer) {
    PeerSettings settings = device.peer().settings();
    check("verify-alg", settings.verifyAlgorithm(), peer.verifyAlg());
    check("csums-alg", settings.csumsAlgorithm(), peer.csumsAlg());
  }

  private void check(String option, String own, String theirs) {
    if (!own.equals(theirs)) {
      refuse(
          "%s is '%s' here and '%s' at the peer: both must be the same"
              .formatted(option, own, theirs));
    }
  }

  /** P_SIZES (spec 3.2.4). */
  void sizes(NegotiationPacket.Sizes packet) {
    device.peer().limit(device, packet);
    ToldSizes told =
        new ToldSizes(
            packet.diskSectors(),
            packet.userSectors(),
            packet.currentSectors(),
            packet.maxBioSize(),
            packet.ddsFlags());
    SizeRules.Link link =
        new SizeRules.Link(
            device.peer().dialect().protocolVersion(),
            device.replication(),
            device.snapshot().disk(),
            List.of(
                new PeerSize(
                    device.peer().nodeId(), told.diskSectors(), true, told.diskSectors(), true)));
    switch (SizeRules.received(ownSize(), told, link)) {
      case SizeVerdict.Refuse refused -> refuse(refused.reason());
      case SizeVerdict.Ignore ignored -> {
        // the size stays
      }
      case SizeVerdict.Adopt adopted -> adopt(adopted.sectors());
    }
  }

  private OwnSize ownSize() {
    ClusterVolume volume = device.volume();
    ResourceSnapshot now = device.resource().now();
    return new OwnSize(
        volume.diskSectors(),
        volume.exportedSectors(),
        volume.backing().isPresent() ? volume.local().agreedSectors() : 0,
        0,
        now.volume(device.number()).disk(),
        now.role(),
        false,
        false,
        0);
  }

  /** Bitmaps of unequal sizes cannot be exchanged yet, so a disk is used as a whole. */
  private void adopt(long sectors) {
    ClusterVolume volume = device.volume();
    if (volume.backing().isPresent() && sectors != volume.diskSectors()) {
      refuse(
          "both could have %d sectors, but this node's disk has %d: make it that large"
              .formatted(sectors, volume.diskSectors()));
    } else if (sectors != volume.exportedSectors()) {
      volume.export(sectors);
    }
  }

  /** P_UUIDS (spec 3.4.2). */
  void uuids(UuidPacket.Uuids peer) {
    List<Long> slots = new ArrayList<>(noSlots());
    slots.set(device.resource().now().settings().nodeId(), peer.bitmap());
    List<Long> history = new ArrayList<>(Collections.nCopies(32, 0L));
    history.set(0, peer.history0());
    history.set(1, peer.history1());
    peerUuids =
        Optional.of(new Generations(device.peer().nodeId(), peer.current(), slots, history));
    peerFlags = UuidFlag.of(peer.flags());
    peerDirtyBlocks = peer.dirtyBits();
    if (peerFlags.contains(UuidFlag.SKIP_INITIAL_SYNC) && isFresh()) {
      device.resource().initialSync().skippedBy(device, peer.current());
    }
  }

  private boolean isFresh() {
    return device.replication() == ReplicationState.ESTABLISHED
        && device.volume().backing().isPresent()
        && device.volume().local().generations().current() == Superblock.UUID_JUST_CREATED;
  }

  private static List<Long> noSlots() {
    return Collections.nCopies(SuperblockV09.NODES, NO_SLOT);
  }

  /** P_STATE (spec 3.3.5). */
  void state(StatePacket.State packet) throws ProtocolViolation {
    StateWord word =
        StateWord.unpack(packet.word().bits(), DiskNumbering.VERSION_9)
            .orElseThrow(() -> new ProtocolViolation("P_STATE with the word " + packet.word()));
    DiskState real = realDisk(word);
    ReplicationState own = device.replication();
    if (endsResync(word, own, real)) {
      return;
    }
    boolean first = !stateReceived;
    ReplicationState next = own == ReplicationState.OFF ? ReplicationState.ESTABLISHED : own;
    if (word.replication() == ReplicationState.AHEAD) {
      next = ReplicationState.BEHIND;
    }
    if (mustDecide(word, real, first)) {
      Optional<ReplicationState> decided = decide(word, real, first);
      if (decided.isEmpty()) {
        return;
      }
      next = decided.get();
    }
    boolean late =
        own != ReplicationState.OFF
            && next != own
            && next.isAbove(ReplicationState.ESTABLISHED)
            && !word.replication().isAbove(ReplicationState.ESTABLISHED)
            && word.disk() != DiskState.NEGOTIATING;
    stateReceived = true;
    consider = false;
    apply(word, real, next, first);
    if (late) {
      makePeerDecide();
    }
  }

  /** Step 14: the peer does not know yet that a resync is due. */
  private void makePeerDecide() {
    device
        .resource()
        .afterEffects(
            () -> {
              device.sendUuids();
              device.sendState(
                  StateWord.of(device.resource().now(), device.peer().nodeId(), device.number()));
            });
  }

  private DiskState realDisk(StateWord word) {
    if (word.disk() != DiskState.NEGOTIATING) {
      return word.disk();
    }
    return peerFlags.contains(UuidFlag.INCONSISTENT)
        ? DiskState.INCONSISTENT
        : DiskState.CONSISTENT;
  }

  /** Step 5: the target tells that it is done. */
  private boolean endsResync(StateWord word, ReplicationState own, DiskState real) {
    DiskState known = device.snapshot().disk();
    boolean waits =
        (known == DiskState.INCONSISTENT || known == DiskState.CONSISTENT)
            && own.isAbove(ReplicationState.ESTABLISHED)
            && word.replication() == ReplicationState.ESTABLISHED;
    if (!waits) {
      return false;
    }
    if (own.isSource()) {
      device.sourceFinished(real);
      return true;
    }
    return own != ReplicationState.ESTABLISHED && !own.isTarget();
  }

  /** Step 10. */
  private boolean mustDecide(StateWord word, DiskState real, boolean first) {
    boolean comparable =
        peerUuids.isPresent()
            && !word.disk().isBelow(DiskState.NEGOTIATING)
            && device.volume().backing().isPresent();
    boolean peerStarts =
        device.replication() == ReplicationState.ESTABLISHED
            && (word.replication() == ReplicationState.STARTING_SYNC_S
                || word.replication() == ReplicationState.STARTING_SYNC_T);
    boolean attaches = word.disk() == DiskState.NEGOTIATING && real != DiskState.NEGOTIATING;
    return comparable && (first || attaches || consider || peerStarts || isForced(real));
  }

  /** Both were Inconsistent, and the peer was declared UpToDate by force. */
  private boolean isForced(DiskState real) {
    return device.replication() == ReplicationState.ESTABLISHED
        && device.snapshot().disk() == DiskState.INCONSISTENT
        && device.resource().now().volume(device.number()).disk() == DiskState.INCONSISTENT
        && real == DiskState.UP_TO_DATE;
  }

  private Optional<ReplicationState> decide(StateWord word, DiskState real, boolean first) {
    SyncDecision decision = SyncHandshake.decide(facts(word, real, first));
    device
        .resource()
        .listener()
        .decided(
            device.peer().nodeId(),
            "sync handshake of volume " + device.number(),
            decision.outcome() instanceof SyncOutcome.Replicate,
            decision.reason());
    for (UuidChange change : decision.changes()) {
      change(change);
    }
    decision.actions().forEach(this::act);
    return switch (decision.outcome()) {
      case SyncOutcome.Replicate replicate -> Optional.of(replicate.state());
      case SyncOutcome.Disconnect ignored -> {
        refuse(decision.reason());
        yield Optional.empty();
      }
      case SyncOutcome.Retry ignored -> {
        device.peer().end(ConnectionState.NETWORK_FAILURE, decision.reason());
        yield Optional.empty();
      }
      case SyncOutcome.NoResult ignored -> Optional.of(device.replication());
    };
  }

  private void change(UuidChange change) {
    Generations own = device.volume().local().generations();
    Generations theirs = peerUuids.orElseThrow();
    Generations changed = change.own(own, theirs);
    peerUuids = Optional.of(change.peer(own, theirs));
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
    device.resource().listener().handler(name, device.peer().nodeId());
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

  private SyncFacts<Generations> facts(StateWord word, DiskState real, boolean first) {
    ResourceSnapshot now = device.resource().now();
    PeerSettings settings = device.peer().settings();
    DiskState ownDisk = now.volume(device.number()).disk();
    SyncSide<Generations> own =
        new SyncSide<>(
            device.volume().local().generations(),
            device.dirtyBlocks(),
            flags9(device.ownFlags()),
            now.role(),
            ownDisk,
            now.volume(device.number()).hasQuorum());
    SyncSide<Generations> peer =
        new SyncSide<>(
            peerUuids.orElseThrow(),
            peerDirtyBlocks,
            peerFlags,
            word.role(),
            real,
            word.hasQuorum());
    SyncOccasion occasion =
        first
            ? SyncOccasion.CONNECT
            : word.disk() == DiskState.NEGOTIATING
                ? SyncOccasion.PEER_ATTACH
                : SyncOccasion.CONSIDER_RESYNC;
    return new SyncFacts<>(
        own,
        peer,
        new SyncTerms(
            occasion,
            device.peer().dialect().protocolVersion(),
            settings.protocol() != PeerSettings.PROTOCOL_C,
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
   * Below version 110 a peer neither sends nor hears of RECONNECT: with it on one side only, both
   * would be the source after the crash of a Primary.
   */
  private Set<UuidFlag> flags9(Set<UuidFlag> sent) {
    EnumSet<UuidFlag> flags = EnumSet.noneOf(UuidFlag.class);
    flags.addAll(sent);
    boolean told = device.peer().dialect().protocolVersion() >= VERSION_9;
    if (told && device.peer().hasBeenConnected()) {
      flags.add(UuidFlag.RECONNECT);
    }
    return flags;
  }

  /** Step 13. */
  private void apply(StateWord word, DiskState real, ReplicationState next, boolean first) {
    device.peer().stateIsKnown();
    Outcome outcome =
        device
            .resource()
            .change(
                state ->
                    state.changeConnection(
                        device.peer().nodeId(),
                        connection ->
                            connection
                                .withPeerRole(word.role())
                                .changeDevice(
                                    device.number(),
                                    own ->
                                        own.withReplication(next)
                                            .withDisk(real)
                                            .withPause(own.pause().withPeer(word.asksForPause()))
                                            .withFacts(own.facts().withQuorate(word.hasQuorum())))),
                first ? ChangeKind.HARD : ChangeKind.SOFT,
                "state of the peer");
    if (outcome instanceof Outcome.Refused refused) {
      refuse(refused.toString());
    }
  }

  /** The connection cannot go on until a person changes something. */
  private void refuse(String reason) {
    device.resource().listener().decided(device.peer().nodeId(), "connect", false, reason);
    device.peer().refuse(reason);
  }
}
