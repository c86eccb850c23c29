package io.jdrbd.transport.connect;

import io.jdrbd.loop.Loop;
import io.jdrbd.transport.ConnectAttempt;
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
import java.util.function.Consumer;

/**
 * What a connection does with its transport, and no more: connects, sends a greeting on both
 * streams, expects the peer's, then exchanges pings; when either stream ends, it begins anew. Used
 * on its loop.
 */
public final class GreetingPeer implements ConnectListener {
  private static final int GREETING_BYTES = 80;

  /**
   * How long it waits, in nanoseconds.
   *
   * @param greetingNs for the peer's greeting
   * @param retryNs after a greeting that did not come
   * @param pingNs from one ping to the next
   * @param answerNs for the answer to a ping
   */
  public record Pace(long greetingNs, long retryNs, long pingNs, long answerNs) {
    /** As DRBD's defaults. */
    public static final Pace DRBD =
        new Pace(
            TimeUnit.SECONDS.toNanos(2),
            TimeUnit.SECONDS.toNanos(1),
            TimeUnit.SECONDS.toNanos(10),
            TimeUnit.MILLISECONDS.toNanos(500));
  }

  private final Loop loop;
  private final Transport transport;
  private final ConnectPlan plan;
  private final Pace pace;
  private final Consumer<String> log;
  private Optional<PeerLink> link = Optional.empty();
  private final Set<StreamKind> greeted = EnumSet.noneOf(StreamKind.class);
  private Loop.Timer timer = () -> {};
  private ConnectAttempt attempt;
  private boolean stopped;

  /**
   * Begins to connect.
   *
   * @param log is told in words how it goes: {@code connected PATH}, {@code waiting WHY}, {@code
   *     lost}, {@code failed WHY}
   */
  public GreetingPeer(
      Loop loop, Transport transport, ConnectPlan plan, Pace pace, Consumer<String> log) {
    this.loop = loop;
    this.transport = transport;
    this.plan = plan;
    this.pace = pace;
    this.log = log;
    this.attempt = transport.connect(plan, this);
  }

  /** Both greetings have come, on a link that still stands as far as this side knows. */
  public boolean isConnected() {
    return greeted.size() == StreamKind.values().length;
  }

  /** The link, if there is one. */
  public Optional<PeerLink> link() {
    return link;
  }

  private void connect() {
    if (!stopped) {
      attempt = transport.connect(plan, this);
    }
  }

  /** Ends. */
  public void stop() {
    stopped = true;
    timer.cancel();
    attempt.stop();
    link.ifPresent(PeerLink::close);
  }

  @Override
  public void connected(PeerLink found) {
    link = Optional.of(found);
    for (StreamKind kind : StreamKind.values()) {
      new Greeting(found.stream(kind), kind).begin();
    }
    timer = loop.schedule(pace.greetingNs(), () -> lost(pace.retryNs()));
  }

  @Override
  public void waiting(String why) {
    log.accept("waiting " + why);
  }

  @Override
  public void failed(String reason) {
    log.accept("failed " + reason);
  }

  private void greeted(StreamKind kind) {
    greeted.add(kind);
    if (isConnected()) {
      log.accept("connected " + link.orElseThrow().path());
      pingLater();
    }
  }

  private void pingLater() {
    timer.cancel();
    timer =
        loop.schedule(
            pace.pingNs(),
            () -> {
              link.orElseThrow().control().send(Unpooled.buffer(1).writeByte('?'));
              timer = loop.schedule(pace.answerNs(), () -> lost(0));
            });
  }

  private void lost(long pauseNs) {
    timer.cancel();
    if (isConnected()) {
      log.accept("lost");
    }
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
      lost(isConnected() ? 0 : pace.retryNs());
    }
  }
}
