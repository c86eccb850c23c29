package io.jdrbd.connection;

import io.jdrbd.loop.Loop;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.wire.KeepalivePacket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Finds out that a peer is gone (spec 1.11.2, 1.11.3): after a while without a sign of life it is
 * pinged; and a stream that takes nothing for too long counts as broken.
 */
final class Keepalive {
  private final PeerSession session;
  private final Loop loop;
  private final long pingIntNs;
  private final long pingTimeoutNs;
  private final long timeoutNs;
  private final int koCount;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private Optional<Loop.Timer> timer = Optional.empty();
  private long lastAliveNs;
  private long pingSentNs;
  private boolean pinged;
  private boolean stopped;

  Keepalive(PeerSession session, Loop loop, SessionSettings settings) {
    this.session = session;
    this.loop = loop;
    this.pingIntNs = TimeUnit.SECONDS.toNanos(settings.pingIntS());
    this.pingTimeoutNs = TimeUnit.MILLISECONDS.toNanos(100L * settings.pingTimeoutDs());
    this.timeoutNs = TimeUnit.MILLISECONDS.toNanos(100L * settings.timeoutDs());
    this.koCount = settings.koCount();
  }

  void start() {
    lastAliveNs = loop.nanoTime();
    schedule(pingIntNs);
  }

  void stop() {
    stopped = true;
    timer.ifPresent(Loop.Timer::cancel);
    waiting.clear();
  }

  /** Bytes have arrived on the control stream. */
  void alive() {
    lastAliveNs = loop.nanoTime();
  }

  /** P_PING_ACK. One answer may stand for several pings. */
  void answered() {
    pinged = false;
    List<Runnable> told = new ArrayList<>(waiting);
    waiting.clear();
    told.forEach(Runnable::run);
    schedule(pingIntNs);
  }

  /** Pings now; the answer has to come in time. */
  void ping(Runnable then) {
    waiting.add(then);
    sendPing();
  }

  private void sendPing() {
    pinged = true;
    pingSentNs = loop.nanoTime();
    session.sendNow(new KeepalivePacket.Ping());
    schedule(pingTimeoutNs);
  }

  private void schedule(long delayNs) {
    timer.ifPresent(Loop.Timer::cancel);
    if (!stopped) {
      timer = Optional.of(loop.schedule(Math.min(delayNs, timeoutNs), this::look));
    }
  }

  private void look() {
    if (stopped || isStalled()) {
      return;
    }
    long now = loop.nanoTime();
    if (pinged) {
      long since = Math.max(lastAliveNs, pingSentNs);
      if (now - since >= pingTimeoutNs) {
        session.end(
            ConnectionState.NETWORK_FAILURE,
            "no answer to a ping within %d ms"
                .formatted(TimeUnit.NANOSECONDS.toMillis(pingTimeoutNs)));
      } else {
        schedule(pingTimeoutNs - (now - since));
      }
    } else if (now - lastAliveNs >= pingIntNs) {
      sendPing();
    } else {
      schedule(pingIntNs - (now - lastAliveNs));
    }
  }

  private boolean isStalled() {
    if (session.controlStalledNs() >= timeoutNs) {
      session.end(
          ConnectionState.NETWORK_FAILURE,
          "the control stream has taken nothing for %d ms"
              .formatted(TimeUnit.NANOSECONDS.toMillis(timeoutNs)));
      return true;
    }
    if (koCount > 0 && session.dataStalledNs() >= koCount * timeoutNs) {
      session.end(
          ConnectionState.NETWORK_FAILURE,
          "the data stream has taken nothing for %d times %d ms"
              .formatted(koCount, TimeUnit.NANOSECONDS.toMillis(timeoutNs)));
      return true;
    }
    return false;
  }
}
