package io.jdrbd.driver.sim;

import io.jdrbd.connection.SessionSettings;
import io.jdrbd.metadata.tool.ToolException;
import io.jdrbd.sim.SimWorld;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.transport.StreamKind;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.PacketEncoder;
import io.jdrbd.wire.WireDialect;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A node, and a peer that says one wrong thing at a certain moment. */
final class HostilePair implements AutoCloseable {
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

  private final SimWorld world = new SimWorld(1);
  private final WireDialect agreed;
  private final SimHost node;
  private final SimHost peer;
  private final Script script = new Script();

  /**
   * @param versions that both speak
   * @param secret by which they prove themselves, empty for none
   */
  HostilePair(SessionSettings.Versions versions, String secret) {
    Plan plan = new Plan("C", "", secret, Plan.DISCONNECT, false, 1, 1_000_000, 0, versions);
    this.agreed = WireDialect.of(versions.max(), versions.features());
    this.node = new SimHost(world, plan, 0);
    this.peer = new SimHost(world, plan, 1);
    peer.disguise(real -> new HostileTransport(real, peer.machine().loop(), script));
  }

  SimHost node() {
    return node;
  }

  /** Both are switched on; whether they find together is another question. */
  void start() throws IOException, ToolException {
    for (SimHost host : List.of(node, peer)) {
      host.createMetadata();
      host.start();
    }
    runUntil("attached", () -> node.bitmap().isPresent() && peer.bitmap().isPresent());
  }

  /** Both disks are UpToDate, on both nodes. */
  void awaitInSync() {
    runUntil("in sync", () -> node.isInSync() && peer.isInSync());
  }

  /** The node and its peer find together again, if need be because a person tells them to. */
  void connectAgain() {
    script.instead = Optional.empty();
    for (SimHost host : List.of(node, peer)) {
      if (host.connection().state() == ConnectionState.STANDALONE) {
        host.connect();
      }
    }
  }

  /** The peer gives up, too. */
  void disconnect() {
    var _ = peer.disconnect(true);
    runUntil("the end", () -> peer.connection().state() == ConnectionState.STANDALONE);
  }

  /** On the next connection the packet with this number, from 0, on the data stream is another. */
  void insteadOf(int number, byte[] bytes) {
    script.instead = Optional.of(new Instead(number, bytes));
  }

  /** Now. */
  void say(StreamKind kind, byte[] bytes) {
    script.link.orElseThrow().say(kind, bytes);
  }

  /** A packet as both have agreed to speak. */
  byte[] packet(int volume, Packet packet) {
    return packet(agreed, volume, packet);
  }

  /** A packet with as many bytes of bulk data as it announces. */
  static byte[] packet(WireDialect dialect, int volume, Packet packet) {
    ByteBuf out = Unpooled.buffer();
    PacketEncoder.encode(out, dialect, volume, packet);
    out.writeZero(packet.bulkBytes());
    return ByteBufUtil.getBytes(out);
  }

  void runUntil(String what, BooleanSupplier condition) {
    long endNs = world.nowNs() + PATIENCE_NS;
    while (!condition.getAsBoolean()) {
      if (world.nowNs() > endNs) {
        throw new AssertionError(
            "never: %s [%s; %s] %s".formatted(what, node.text(), peer.text(), node.reasons()));
      }
      world.runFor(LOOK_NS);
    }
  }

  @Override
  public void close() {
    world.close();
    node.close();
    peer.close();
  }

  /** One packet in the place of another. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Instead(int number, byte[] bytes) {}

  /** What the peer's packets go through. */
  private static final class Script implements Mischief {
    private Optional<HostileLink> link = Optional.empty();
    private Optional<Instead> instead = Optional.empty();
    private int number;

    @Override
    public void begins() {
      number = 0;
    }

    @Override
    public void sends(HostileLink on, StreamKind kind, byte[] packet) {
      link = Optional.of(on);
      boolean now =
          kind == StreamKind.DATA && instead.filter(other -> other.number() == number).isPresent();
      number += kind == StreamKind.DATA ? 1 : 0;
      on.say(kind, now ? instead.orElseThrow().bytes() : packet);
    }
  }
}
