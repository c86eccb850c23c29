package io.jdrbd.sim;

import io.jdrbd.loop.Loop;
import io.jdrbd.transport.ConnectListener;
import io.jdrbd.transport.ConnectPlan;
import io.jdrbd.transport.PeerLink;
import io.jdrbd.transport.PeerStream;
import io.jdrbd.transport.StreamEnd;
import io.jdrbd.transport.StreamKind;
import io.jdrbd.transport.StreamListener;
import io.jdrbd.transport.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What a connection does with its transport, and no more: connects, sends a greeting on both
 * streams, expects the peer's within two seconds, then exchanges pings; when either stream ends, it
 * begins anew. One life of one node.
 */
final class SimPeer implements ConnectListener {
  private static final int GREETING_BYTES = 80;
  private static final long GREETING_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);
  private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long PING_NS = TimeUnit.SECONDS.toNanos(10);
  private static final long PING_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Loop loop;
  private final Transport transport;
  private final ConnectPlan plan;
  private Optional<PeerLink> link = Optional.empty();
  private final Set<StreamKind> greeted = EnumSet.noneOf(StreamKind.class);
  private Loop.Timer timer = () -> {};
  private int links;
  private String failure = "";

  SimPeer(SimNode node, ConnectPlan plan) {
    this.loop = node.loop();
    this.transport = node.transports().create("r0");
    this.plan = plan;
    connect();
  }

  /** Both greetings have come, on a link that still stands as far as this side knows. */
  boolean isConnected() {
    return greeted.size() == StreamKind.values().length;
  }

  /** How many links the transport has handed over. */
  int links() {
    return links;
  }

  /** Why the transport gave up; empty if it did not. */
  String failure() {
    return failure;
  }

  Optional<PeerLink> link() {
    return link;
  }

  private void connect() {
    transport.connect(plan, this);
  }

  @Override
  public void connected(PeerLink found) {
    links++;
    link = Optional.of(found);
    for (StreamKind kind : StreamKind.values()) {
      new Greeting(found.stream(kind), kind).begin();
    }
    timer = loop.schedule(GREETING_TIMEOUT_NS, () -> lost(RETRY_NS));
  }

  @Override
  public void waiting(String why) {}

  @Override
  public void failed(String reason) {
    failure = reason;
  }

  private void greeted(StreamKind kind) {
    greeted.add(kind);
    if (isConnected()) {
      pingLater();
    }
  }

  private void pingLater() {
    timer.cancel();
    timer =
        loop.schedule(
            PING_NS,
            () -> {
              link.orElseThrow().control().send(Unpooled.buffer(1).writeByte('?'));
              timer = loop.schedule(PING_TIMEOUT_NS, () -> lost(0));
            });
  }

  private void lost(long pauseNs) {
    timer.cancel();
    link.ifPresent(PeerLink::close);
    link = Optional.empty();
    greeted.clear();
    loop.schedule(pauseNs, this::connect);
  }

  /** One stream: its greeting, and after it pings and their answers. */
  private final class Greeting implements StreamListener {
    private final PeerStream stream;
    private final StreamKind kind;
    private final ByteBuf arrived = Unpooled.buffer(GREETING_BYTES, GREETING_BYTES);

    Greeting(PeerStream stream, StreamKind kind) {
      this.stream = stream;
      this.kind = kind;
    }

    void begin() {
      stream.open(this);
      stream.send(Unpooled.buffer(GREETING_BYTES).writeZero(GREETING_BYTES - 1).writeByte(9));
      stream.receive(arrived, GREETING_BYTES);
    }

    @Override
    public void received() {
      if (arrived.isWritable()) {
        byte ping = arrived.readByte();
        if (ping == '?') {
          stream.send(Unpooled.buffer(1).writeByte('!'));
          stream.flush();
        } else {
          pingLater();
        }
      } else {
        greeted(kind);
      }
      arrived.clear();
      stream.receive(arrived, 1);
    }

    @Override
    public void writable() {}

    @Override
    public void ended(StreamEnd end) {
      lost(isConnected() ? 0 : RETRY_NS);
    }
  }
}
