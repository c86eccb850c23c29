package io.jdrbd.cluster;

import io.jdrbd.connection.SessionSettings;
import io.jdrbd.loop.Loop;
import io.jdrbd.state.ConnectionState;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Drops a peer that answers pings but not requests: the oldest one may wait for {@code ko-count}
 * times {@code timeout} (spec 1.11.4, 2.23). Looks once in a {@code timeout} whether that is still
 * the same, so that requests need no clock.
 */
final class AnswerWatch {
  private static final long NOTHING = 0;

  private final ClusterPeer peer;
  private final long timeoutNs;
  private final int koCount;
  private Optional<Loop.Timer> timer = Optional.empty();
  private long write = NOTHING;
  private long read = NOTHING;
  private int writeLooks;
  private int readLooks;

  /**
   * @param settings of the connection that stands now
   */
  AnswerWatch(ClusterPeer peer, SessionSettings settings) {
    this.peer = peer;
    this.timeoutNs = TimeUnit.MILLISECONDS.toNanos(100L * settings.timeoutDs());
    this.koCount = settings.koCount();
  }

  /** Begins; with a ko-count of 0 there is nothing to do. */
  void start() {
    if (koCount > 0) {
      timer = Optional.of(peer.resource().loop().schedule(timeoutNs, this::look));
    }
  }

  void stop() {
    timer.ifPresent(Loop.Timer::cancel);
    timer = Optional.empty();
  }

  private void look() {
    long oldestWrite = peer.writes().oldestOwed();
    writeLooks = oldestWrite != NOTHING && oldestWrite == write ? writeLooks + 1 : 0;
    write = oldestWrite;
    long oldestRead = oldestRead();
    readLooks = oldestRead != NOTHING && oldestRead == read ? readLooks + 1 : 0;
    read = oldestRead;
    if (writeLooks >= koCount || readLooks >= koCount) {
      peer.end(
          ConnectionState.TIMEOUT,
          "a %s was not answered for %d times %d ms"
              .formatted(
                  writeLooks >= koCount ? "write" : "read",
                  koCount,
                  TimeUnit.NANOSECONDS.toMillis(timeoutNs)));
    } else {
      start();
    }
  }

  private long oldestRead() {
    return peer.volumes().stream()
        .mapToLong(volume -> volume.volume().disk().reads().oldest(peer.writes()))
        .filter(id -> id != NOTHING)
        .findFirst()
        .orElse(NOTHING);
  }
}
