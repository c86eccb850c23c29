package io.jdrbd.cluster;

import io.jdrbd.connection.SessionSettings;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.cluster.StateRequest;
import io.jdrbd.state.sync.UuidFlag;
import io.jdrbd.state.twopc.SizeChange;
import io.jdrbd.transport.ConnectListener;
import io.jdrbd.wire.AckPacket;
import io.jdrbd.wire.ChangeStreamPacket;
import io.jdrbd.wire.DataFlags;
import io.jdrbd.wire.HandshakePacket;
import io.jdrbd.wire.KeepalivePacket;
import io.jdrbd.wire.NegotiationPacket;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.PacketDecoder;
import io.jdrbd.wire.PacketEncoder;
import io.jdrbd.wire.ReplyPacket;
import io.jdrbd.wire.RequestPacket;
import io.jdrbd.wire.StatePacket;
import io.jdrbd.wire.StatePacket.State;
import io.jdrbd.wire.StateWord;
import io.jdrbd.wire.StreamKind;
import io.jdrbd.wire.TwopcPacket;
import io.jdrbd.wire.UuidPacket;
import io.jdrbd.wire.UuidPacket.Uuids;
import io.jdrbd.wire.WireDialect;
import io.jdrbd.wire.WireException;
import io.jdrbd.wire.WritePacket;
import io.jdrbd.wire.capture.Capture;
import io.jdrbd.wire.capture.CapturedConnection;
import io.jdrbd.wire.capture.CapturedPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Plays one side of a capture against a node of this program in the place of the other side, and
 * compares what the node says with what the recorded one said. What nodes are free to do their own
 * way is left out: pings, the sizes of a target's requests, hints.
 */
final class Replay implements AutoCloseable {
  private static final int PATIENCE_S = 10;
  private static final long ALL_ONES = -1L;
  private static final Packet NOTHING = new KeepalivePacket.Ping();

  /** Names of captures begin with the versions of their nodes: {@code 93-84-}. */
  private static final int VERSION_CHARS = 3;

  private final int own;
  private final List<CapturedConnection> connections;
  private final boolean recordedIs84;
  private final boolean isVersion9;
  private final Likeness likeness;
  private final RecordedNode node;
  private final BlockingQueue<Said> said = new LinkedBlockingQueue<>();
  private final List<CapturedPacket> expected = new ArrayList<>();
  private final List<Said> unexplained = new ArrayList<>();
  private WireDialect dialect = WireDialect.BEFORE_AGREEMENT;
  private final Map<List<Object>, Packet> lastRecorded = new HashMap<>();
  private final Map<List<Object>, Packet> lastOwn = new HashMap<>();
  private RecordedEpochs epochs = new RecordedEpochs(true);
  private RecordedPositions positions = new RecordedPositions();
  private int matched;

  /** The write that has been submitted before its place. */
  private Packet submitted = NOTHING;

  private RecordedStream data;
  private RecordedStream control;

  /**
   * @param own the node that is replaced: 0 alpha, 1 bravo
   */
  Replay(String capture, int own) throws WireException {
    this.own = own;
    this.connections = Capture.load(capture);
    this.recordedIs84 = capture.startsWith("84", VERSION_CHARS * own);
    this.isVersion9 = connections.getFirst().dialect().isVersion9();
    this.likeness = new Likeness(recordedIs84, isVersion9);
    HandshakePacket.Protocol protocol = first(HandshakePacket.Protocol.class);
    NegotiationPacket.SyncParam89 param = first(NegotiationPacket.SyncParam89.class);
    this.node = new RecordedNode(own, protocol.settings(), param, versions());
  }

  private SessionSettings.Versions versions() {
    return isVersion9 ? TestClusterNode.NEW : TestClusterNode.OLD;
  }

  /** What the two agree on, now that one of them is this program. */
  private WireDialect agreed(WireDialect recorded) {
    return WireDialect.of(
        Math.min(recorded.protocolVersion(), versions().max()),
        recorded.features() & versions().features());
  }

  private <P extends Packet> P first(Class<P> kind) {
    return connections.getFirst().packets().stream()
        .filter(packet -> packet.sender() == own)
        .map(CapturedPacket::packet)
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst()
        .orElseThrow();
  }

  /** A packet of the node. */
  private record Said(StreamKind stream, int volume, Packet packet, WireDialect dialect) {}

  RecordedNode node() {
    return node;
  }

  /** How many packets of the node were compared. */
  int matched() {
    return matched;
  }

  /** Plays all connections of the capture. */
  void play() throws InterruptedException, WireException {
    for (CapturedConnection connection : connections) {
      begin(connection);
      for (CapturedPacket packet : connection.packets()) {
        play(packet);
      }
      settle();
      if (!positions.faults().isEmpty()) {
        throw new AssertionError("a kernel drops the connection: " + positions.faults());
      }
      data.hangUp();
      control.hangUp();
    }
    if (!unexplained.isEmpty()) {
      throw new AssertionError("said besides what was recorded: " + unexplained);
    }
  }

  /** A node of version 9 tells an old one more of its states and identifiers than 8.4 does. */
  private static boolean isOfVersion9(Packet packet) {
    return packet instanceof State || packet instanceof Uuids;
  }

  private void begin(CapturedConnection connection) throws InterruptedException {
    likeness.newConnection();
    epochs = new RecordedEpochs(first(HandshakePacket.Protocol.class).settings().protocol() > 1);
    positions = new RecordedPositions();
    lastRecorded.clear();
    lastOwn.clear();
    dialect = WireDialect.BEFORE_AGREEMENT;
    WireDialect agreed = agreed(connection.dialect());
    data = new RecordedStream(node.loop, bytes -> hear(StreamKind.DATA, bytes, agreed));
    control = new RecordedStream(node.loop, bytes -> hear(StreamKind.CONTROL, bytes, agreed));
    ConnectListener listener =
        node.transport.awaitAttempt(() -> node.on(this::connectIfStandAlone));
    boolean wins = connection.controlDialler() != own;
    node.loop.execute(
        () -> listener.connected(RecordedTransport.link(data, control, node.plan, wins)));
  }

  private boolean connectIfStandAlone() {
    ClusterPeer peer = node.peer();
    boolean idle =
        node.resource.now().connection(peer.nodeId()).state() == ConnectionState.STANDALONE;
    if (idle) {
      peer.connect();
    }
    return idle;
  }

  /** On the loop. Everything after P_CONNECTION_FEATURES is in the agreed dialect. */
  private void hear(StreamKind stream, ByteBuf bytes, WireDialect agreed) {
    try {
      PacketDecoder decoder = new PacketDecoder(stream);
      decoder.dialect(dialect);
      boolean whole = decoder.readHeader(bytes);
      if (!whole) {
        // 16 bytes instead of 8
        whole = decoder.readHeader(bytes);
      }
      if (!whole) {
        throw new AssertionError("no whole header was sent");
      }
      Packet packet = decoder.readFixed(bytes);
      if (isVersion9) {
        positions.said(packet);
      }
      if (packet instanceof WritePacket write) {
        confirm(epochs.said(write));
      }
      if (packet instanceof HandshakePacket.ConnectionFeatures) {
        dialect = agreed;
      } else if (packet instanceof KeepalivePacket.Ping) {
        say(StreamKind.CONTROL, 0, new KeepalivePacket.PingAck(), new byte[0]);
      } else if (packet instanceof RequestPacket.BlockRequest request && isResync(request)) {
        answer(decoder.volume(), request.sector(), request.blockId(), request.sizeBytes());
      } else if (packet instanceof RequestPacket.DagtagRequest request) {
        answer(decoder.volume(), request.sector(), request.blockId(), request.sizeBytes());
      } else if (recordedIs84 && isDemotion(packet)) {
        say(StreamKind.CONTROL, 0, new StatePacket.ConnStChgReply(1), new byte[0]);
      } else if (!isFree(packet)) {
        said.add(new Said(stream, decoder.volume(), packet, dialect));
      }
    } catch (WireException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isDemotion(Packet packet) {
    return packet instanceof StatePacket.ConnStChgReq wish
        && (wish.mask().bits() & StateWord.ROLE) != 0
        && wish.value().role() == Role.SECONDARY.number();
  }

  private static boolean isResync(RequestPacket.BlockRequest request) {
    return switch (request.kind()) {
      case RS_DATA_REQUEST, RS_THIN_REQ -> true;
      case DATA_REQUEST, CSUM_RS_REQUEST, OV_REQUEST, OV_REPLY -> false;
    };
  }

  /** A target asks as it likes; the source has zeroes. */
  private void answer(int volume, long sector, long id, int bytes) {
    say(
        StreamKind.DATA,
        volume,
        new ReplyPacket.RsDataReply(sector, id, dialect.digestBytes(), bytes),
        new byte[dialect.digestBytes() + bytes]);
  }

  /** What may be said at any time, or in other portions. */
  private boolean isFree(Packet packet) {
    return switch (packet) {
      case KeepalivePacket ignored -> true;
      case HandshakePacket.ConnectionFeatures ignored -> true;
      case HandshakePacket.InitialData ignored -> true;
      case HandshakePacket.InitialMeta ignored -> true;
      case WritePacket.UnplugRemote ignored -> true;
      case WritePacket.Barrier ignored -> true;
      case RequestPacket.BlockRequest request -> isResync(request);
      case RequestPacket.DagtagRequest ignored -> true;
      case NegotiationPacket.EnableReplicationNext ignored -> true;
      case NegotiationPacket.EnableReplication ignored -> true;
      case ChangeStreamPacket ignored -> true;
      case AckPacket.BlockAck ack ->
          ack.kind() == AckPacket.BlockAck.Kind.RS_WRITE_ACK
              && (isVersion9 || ack.blockId() == ALL_ONES);
      default -> false;
    };
  }

  private void play(CapturedPacket recorded) throws InterruptedException {
    if (recorded.sender() == own) {
      if (!isFree(recorded.packet())) {
        cause(recorded);
        if (isNews(lastRecorded, recorded.volume(), recorded.packet())) {
          likeness.expect(recorded.packet());
          expected.add(recorded);
        }
      }
    } else if (mustBeSaid(recorded.packet())) {
      settleBefore(recorded.packet());
      if (recorded.packet() instanceof TwopcPacket.TwopcPrepareResize
          || begins(recorded.packet())) {
        node.diskGrows();
      }
      byte[] bulk = new byte[recorded.packet().bulkBytes()];
      System.arraycopy(recorded.bulk(), 0, bulk, 0, Math.min(bulk.length, recorded.bulk().length));
      say(
          recorded.stream(),
          recorded.volume(),
          likeness.translate(recorded.packet()),
          spoken(recorded.dialect()),
          bulk);
      if (recorded.packet() instanceof State state) {
        awaitResyncEnd(state);
      }
      if (recorded.packet() instanceof AckPacket.BlockAck ack && ack.blockId() != ALL_ONES) {
        confirm(epochs.acked());
      }
    }
  }

  private WireDialect spoken(WireDialect recorded) {
    return recorded.equals(WireDialect.BEFORE_AGREEMENT) ? recorded : agreed(recorded);
  }

  /** States and identifiers may be said again at any time. */
  private boolean isNews(Map<List<Object>, Packet> last, int volume, Packet packet) {
    return switch (packet) {
      case StatePacket.State state -> !state.equals(last.put(List.of(State.class, volume), state));
      case UuidPacket.Uuids110 uuids ->
          !likeness
              .comparable(uuids)
              .equals(
                  last.put(List.of(UuidPacket.Uuids110.class, volume), likeness.comparable(uuids)));
      case UuidPacket.Uuids uuids -> !uuids.equals(last.put(List.of(Uuids.class, volume), uuids));
      default -> true;
    };
  }

  private void confirm(List<AckPacket.BarrierAck> acks) {
    acks.forEach(ack -> say(StreamKind.CONTROL, 0, ack, new byte[0]));
  }

  private static boolean mustBeSaid(Packet packet) {
    return switch (packet) {
      case KeepalivePacket.PingAck ignored -> false;
      case HandshakePacket.InitialData ignored -> false;
      case HandshakePacket.InitialMeta ignored -> false;
      case AckPacket.BarrierAck ignored -> false;
      case NegotiationPacket.EnableReplicationNext ignored -> false;
      case NegotiationPacket.EnableReplication ignored -> false;
      case ChangeStreamPacket.FlushRequests ignored -> false;
      case ChangeStreamPacket.FlushRequestsAck ignored -> false;
      case ReplyPacket.RsDataReply ignored -> false;
      case ReplyPacket.RsDeallocated ignored -> false;
      default -> true;
    };
  }

  /** What a person or an application did, that the recorded node said this. */
  private void cause(CapturedPacket recorded) throws InterruptedException {
    switch (recorded.packet()) {
      case WritePacket.Data write when write.equals(submitted) -> submitted = NOTHING;
      case WritePacket.Data write -> submit(write);
      case WritePacket.Trim trim ->
          node.submit(RecordedNode.discard(trim.sector() << 9, trim.sizeBytes()));
      case WritePacket.Zeroes zeroes ->
          node.submit(
              RecordedNode.zeroes(
                  zeroes.sector() << 9,
                  zeroes.sizeBytes(),
                  (zeroes.flags() & DataFlags.DISCARD) != 0,
                  (zeroes.flags() & DataFlags.FUA) != 0));
      case TwopcPacket.TwopcPrepare wish -> transaction(wish);
      case TwopcPacket.TwopcPrepareResize wish -> {
        settle();
        resize(new SizeChange(wish.userSectors(), wish.ddsFlags()));
      }
      case NegotiationPacket.Sizes sizes when begins(sizes) ->
          resize(new SizeChange(sizes.userSectors(), sizes.ddsFlags()));
      case UuidPacket.Uuids110 told when beginsGeneration(told.flags()) -> {
        submitted = nextWrite(recorded);
        submit((WritePacket.Data) submitted);
      }
      case UuidPacket.Uuids110 told when skipsInitialSync(told.flags()) -> {
        settle();
        node.loop.execute(() -> node.resource.skipInitialSync(0));
      }
      case UuidPacket.Uuids told when skipsInitialSync(told.flags()) -> {
        settle();
        node.loop.execute(() -> node.resource.skipInitialSync(0));
      }
      case StatePacket.ConnStChgReq wish -> command(wish.mask(), wish.value());
      case StatePacket.StateChgReq wish -> command(wish.mask(), wish.value());
      case State state when isDemoted(recorded.volume(), state) ->
          command(new StateWord(StateWord.ROLE), state.word());
      case State state when pauses(recorded.volume(), state) -> pause(state);
      default -> {
        // follows by itself
      }
    }
  }

  private void submit(WritePacket.Data write) {
    awaitResyncEnd(write);
    node.submit(
        RecordedNode.write(
            write.sector() << 9, write.dataBytes(), (write.flags() & DataFlags.FUA) != 0));
  }

  /** A generation begins because somebody writes: what is written comes after it. */
  private Packet nextWrite(CapturedPacket before) {
    return connections.stream()
        .flatMap(connection -> connection.packets().stream())
        .filter(packet -> packet.sender() == own && packet.timeUs() >= before.timeUs())
        .map(CapturedPacket::packet)
        .filter(WritePacket.Data.class::isInstance)
        .findFirst()
        .orElseThrow();
  }

  private static boolean beginsGeneration(long flags) {
    return UuidFlag.of(flags).contains(UuidFlag.NEW_DATAGEN);
  }

  /** The peer has what it wants: what it says next comes when the node has seen that. */
  private void awaitResyncEnd(State state) {
    if (state.word().conn() == ReplicationState.ESTABLISHED.number()) {
      node.await(now -> !now.device(node.peer().nodeId(), 0).replication().isSource());
    }
  }

  /** The recorded node had ended its resync. */
  private void awaitResyncEnd(WritePacket.Data write) {
    if ((write.flags() & DataFlags.MAY_SET_IN_SYNC) == 0) {
      node.await(
          now -> now.device(node.peer().nodeId(), 0).replication() == ReplicationState.ESTABLISHED);
    }
  }

  /** Its disk has grown, and the volume has not. */
  private static boolean begins(Packet packet) {
    return packet instanceof NegotiationPacket.Sizes sizes
        && sizes.diskSectors() > sizes.currentSectors()
        && sizes.currentSectors() != 0;
  }

  /** The command is refused as long as a resync runs. */
  private void resize(SizeChange wish) {
    node.await(
        now -> now.device(node.peer().nodeId(), 0).replication() == ReplicationState.ESTABLISHED);
    node.diskGrows();
    node.loop.execute(() -> node.resource.resize(0, wish));
  }

  /** A connect follows by itself. */
  private void transaction(TwopcPacket.TwopcPrepare wish) throws InterruptedException {
    if (!new StateRequest(wish.mask().bits(), wish.value().bits()).isConnect()) {
      command(wish.mask(), wish.value());
    }
  }

  private static boolean skipsInitialSync(long flags) {
    return UuidFlag.of(flags).contains(UuidFlag.SKIP_INITIAL_SYNC);
  }

  /** A node of 8.4 asks nobody when it is demoted. */
  private boolean isDemoted(int volume, State state) {
    return recordedIs84
        && state.word().role() == Role.SECONDARY.number()
        && lastRecorded.get(List.of(State.class, volume)) instanceof State before
        && before.word().role() == Role.PRIMARY.number();
  }

  /** The command pause-sync or resume-sync was given to the recorded node. */
  private boolean pauses(int volume, State state) {
    return lastRecorded.get(List.of(State.class, volume)) instanceof State before
        && isPaused(before) != isPaused(state);
  }

  private static boolean isPaused(State state) {
    return (state.word().bits() & StateWord.USER_ISP) != 0;
  }

  private void pause(State state) throws InterruptedException {
    settle();
    node.on(
        () -> {
          node.peer().volume(0).orElseThrow().requests().setPaused(isPaused(state));
          return true;
        });
  }

  private void command(StateWord mask, StateWord value) throws InterruptedException {
    settle();
    StateRequest request = new StateRequest(mask.bits(), value.bits());
    boolean asTarget = request.asksFor(ReplicationState.STARTING_SYNC_T);
    if (asTarget || request.asksFor(ReplicationState.STARTING_SYNC_S)) {
      node.on(() -> node.peer().volume(0).orElseThrow().requests().resync(asTarget, true));
      return;
    }
    boolean role = (mask.bits() & StateWord.ROLE) != 0;
    boolean force = (mask.bits() & StateWord.DISK) != 0;
    node.loop.execute(
        () -> {
          if (role) {
            node.resource.requestRole(
                value.role() == Role.PRIMARY.number() ? Role.PRIMARY : Role.SECONDARY, force);
          } else {
            node.peer().disconnect(false);
          }
        });
  }

  /** What is an answer depends on its question only. */
  private void settleBefore(Packet packet) throws InterruptedException {
    while (!likeness.isAnswer(packet) && !expected.isEmpty()) {
      hear();
    }
    if (!(packet instanceof AckPacket)) {
      settle();
    }
    if (packet instanceof RequestPacket.DagtagRequest) {
      node.await(now -> now.device(node.peer().nodeId(), 0).replication().isSource());
    }
  }

  /** Waits until the node has said all that the recorded one had said by now. */
  private void settle() throws InterruptedException {
    explain();
    while (!expected.isEmpty()) {
      hear();
    }
    unexplained.removeIf(own -> recordedIs84 && isOfVersion9(own.packet()));
  }

  private void hear() throws InterruptedException {
    Said next = said.poll(PATIENCE_S, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError(
          "not said after %d packets: %s%n  said instead: %s%n  log: %s"
              .formatted(matched, expected, unexplained, node.heard.lines()));
    }
    if (isNews(lastOwn, next.volume(), next.packet())) {
      unexplained.add(next);
    }
    explain();
  }

  private void explain() {
    unexplained.removeIf(
        own -> {
          boolean found =
              expected.stream()
                  .filter(recorded -> recorded.stream() == own.stream())
                  .filter(recorded -> likeness.match(recorded.packet(), own.packet()))
                  .findFirst()
                  .map(expected::remove)
                  .orElse(false);
          matched += found ? 1 : 0;
          return found;
        });
  }

  private void say(StreamKind stream, int volume, Packet packet, byte[] bulk) {
    say(stream, volume, packet, dialect, bulk);
  }

  private void say(StreamKind stream, int volume, Packet packet, WireDialect spoken, byte[] bulk) {
    ByteBuf out = Unpooled.buffer();
    PacketEncoder.encode(out, spoken, volume, packet);
    out.writeBytes(bulk);
    (stream == StreamKind.DATA ? data : control).say(out);
  }

  @Override
  public void close() {
    node.close();
  }
}
