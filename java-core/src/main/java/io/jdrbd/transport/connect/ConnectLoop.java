package io.jdrbd.transport.connect;

import io.jdrbd.loop.Loop;
import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.StreamKind;
import io.jdrbd.transport.TransportOptions;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * What to do next until both streams stand (spec 1.4.4). Knows no sockets: it is told what has come
 * of what it asked for, and asks {@link Effects} for the next step.
 *
 * <pre>
 *             ┌──────── refused, or one stream missing ────────┐
 *             ▼                                                │
 *   DIALLING ───► WAITING ── peer has dialled, or time is up ──┤
 *      ▲  │          │                                         │
 *      │  └── both ──┴────────────► CHECKING ── both stand ──► ENDED
 *      └──────────── one is dead ──────┘
 * </pre>
 *
 * <p>In two points this node is quicker than DRBD, which a peer cannot tell from a lucky schedule:
 * the first packets of accepted sockets are read beside everything else, and a call that is not
 * answered is given up when the peer calls meanwhile.
 */
final class ConnectLoop<S extends Candidate> {

  /** What the loop wants done. */
  interface Effects<S> {
    /** Ends in {@link #dialled} or {@link #dialFailed}, never inside this call. */
    void dial(PathAddresses path);

    void abandonDial();

    /** What is being waited for, for people. */
    void waiting(String why);

    /** Both streams stand; the loop has ended. */
    void connected(S data, S control, PathAddresses path, boolean resolveConflicts);

    /** It makes no sense to go on; the loop has ended. */
    void failed(String reason);
  }

  private enum Phase {
    /** A call is under way. */
    DIALLING,
    /** The peer may call. */
    WAITING,
    /** Both streams are there, and stand for a while. */
    CHECKING,
    /** Nothing happens any more. */
    ENDED
  }

  private record Arrival<S>(S socket, StreamKind kind, PathAddresses path) {}

  /** The wait is longer or shorter by this part, so that two nodes do not stay in step. */
  private static final int WAIT_SPREAD = 7;

  /** How long the peer's call waits for the end of this node's own. */
  private static final long PEER_WAITS_NS = TimeUnit.SECONDS.toNanos(1);

  /** How many calls of the peer wait; two are the rule. */
  private static final int ARRIVALS_MAX = 8;

  /** So often the path of a single stream may fail before another path is tried. */
  private static final int FAILURES_MAX = 2;

  private final Loop loop;
  private final RandomGenerator random;
  private final ConnectRules rules;
  private final Effects<S> effects;
  private final StreamPair<S> pair = new StreamPair<>();
  private final ArrayDeque<Arrival<S>> arrivals = new ArrayDeque<>();
  private List<PathAddresses> paths;
  private TransportOptions options;
  private int nextPath;
  private int failuresOfPath;
  private Phase phase = Phase.DIALLING;
  private PathAddresses dialledPath;
  private Optional<Loop.Timer> timer = Optional.empty();

  ConnectLoop(
      Loop loop,
      RandomGenerator random,
      ConnectRules rules,
      List<PathAddresses> paths,
      TransportOptions options,
      Effects<S> effects) {
    this.loop = loop;
    this.random = random;
    this.rules = rules;
    this.paths = paths;
    this.dialledPath = paths.getFirst();
    this.options = options;
    this.effects = effects;
  }

  /** Begins with the first call. */
  void start() {
    dial();
  }

  /** Goes on with these; a stream on a path that is gone is given up. */
  void update(List<PathAddresses> newPaths, TransportOptions newOptions) {
    paths = newPaths;
    options = newOptions;
    if (phase == Phase.ENDED) {
      return;
    }
    if (pair.path().filter(path -> !paths.contains(path)).isPresent()) {
      pair.clear();
    }
    arrivals.removeIf(this::isUseless);
  }

  private boolean isUseless(Arrival<S> arrival) {
    boolean useless = !paths.contains(arrival.path) || !arrival.socket.isEstablished();
    if (useless) {
      arrival.socket.close();
    }
    return useless;
  }

  /** Ends; all sockets are closed. */
  void stop() {
    if (phase == Phase.DIALLING) {
      effects.abandonDial();
    }
    end();
    pair.clear();
  }

  /** The call has been answered. */
  void dialled(S socket) {
    if (phase != Phase.DIALLING || !paths.contains(dialledPath)) {
      socket.close();
      return;
    }
    failuresOfPath = 0;
    pair.dropDead();
    pair.moveTo(dialledPath);
    StreamKind kind = kindToDial(dialledPath);
    socket.begin(kind);
    pair.put(kind, dialledPath, new StreamPair.Slot<>(socket, true, loop.nanoTime()));
    checkOr(this::waitForPeer);
  }

  private StreamKind kindToDial(PathAddresses path) {
    if (pair.isEmpty()) {
      return rules.dialsDataFirst().test(path) ? StreamKind.DATA : StreamKind.CONTROL;
    }
    return pair.get(StreamKind.DATA).isEmpty() ? StreamKind.DATA : StreamKind.CONTROL;
  }

  /** The call was in vain. */
  void dialFailed(DialFailure failure) {
    if (phase != Phase.DIALLING) {
      return;
    }
    if (failure.fatal()) {
      end();
      pair.clear();
      effects.failed(failure.text());
      return;
    }
    failuresOfPath++;
    if (pair.path().isEmpty() || failuresOfPath >= FAILURES_MAX) {
      pair.clear();
      failuresOfPath = 0;
      nextPath++;
    }
    effects.waiting(failure.text());
    waitForPeer();
  }

  /** The peer has called, and its first packet says for which stream. */
  void arrived(S socket, StreamKind kind, PathAddresses path) {
    arrivals.removeIf(this::isUseless);
    if (phase == Phase.ENDED || arrivals.size() >= ARRIVALS_MAX || !paths.contains(path)) {
      socket.close();
      return;
    }
    arrivals.add(new Arrival<>(socket, kind, path));
    if (phase == Phase.WAITING) {
      waitForPeer();
    } else if (phase == Phase.DIALLING && timer.isEmpty()) {
      startTimer(PEER_WAITS_NS, this::giveCallUp);
    }
  }

  private void giveCallUp() {
    effects.abandonDial();
    dialFailed(new DialFailure(false, dialledPath + ": no answer, but the peer calls"));
  }

  private void dial() {
    phase = Phase.DIALLING;
    cancelTimer();
    pair.dropDead();
    dialledPath = pair.path().orElseGet(() -> paths.get(Math.floorMod(nextPath, paths.size())));
    effects.dial(dialledPath);
  }

  private void waitForPeer() {
    phase = Phase.WAITING;
    arrivals.removeIf(this::isUseless);
    Arrival<S> arrival = arrivals.poll();
    if (arrival != null) {
      take(arrival);
      return;
    }
    long spreadNs = options.connectIntNs() / WAIT_SPREAD;
    startTimer(options.connectIntNs() + (random.nextBoolean() ? spreadNs : -spreadNs), this::dial);
  }

  private void take(Arrival<S> arrival) {
    cancelTimer();
    pair.dropDead();
    pair.moveTo(arrival.path);
    Optional<StreamPair.Slot<S>> present = pair.get(arrival.kind);
    if (present.isPresent() && keeps(present.get(), arrival.path)) {
      arrival.socket.close();
    } else {
      pair.put(
          arrival.kind,
          arrival.path,
          new StreamPair.Slot<>(arrival.socket, false, loop.nanoTime()));
      if (present.isPresent() && random.nextBoolean()) {
        waitForPeer();
        return;
      }
    }
    checkOr(this::dial);
  }

  /**
   * Crossing calls were made at the same time. One that has stood for longer has been lost by the
   * peer, which would not call again otherwise: after a restart, for example.
   */
  private boolean keeps(StreamPair.Slot<S> present, PathAddresses path) {
    return present.dialled()
        && rules.keepsDialled().test(path)
        && loop.nanoTime() - present.sinceNs() < options.firstPacketTimeoutNs();
  }

  private void checkOr(Runnable otherwise) {
    if (!pair.isComplete()) {
      otherwise.run();
      return;
    }
    phase = Phase.CHECKING;
    startTimer(
        options.socketCheckNs(),
        () -> {
          pair.dropDead();
          if (pair.isComplete()) {
            finish();
          } else {
            otherwise.run();
          }
        });
  }

  private void finish() {
    end();
    effects.connected(
        pair.get(StreamKind.DATA).orElseThrow().socket(),
        pair.get(StreamKind.CONTROL).orElseThrow().socket(),
        pair.path().orElseThrow(),
        pair.resolveConflicts());
  }

  private void end() {
    phase = Phase.ENDED;
    cancelTimer();
    arrivals.forEach(arrival -> arrival.socket.close());
    arrivals.clear();
  }

  private void startTimer(long delayNs, Runnable task) {
    cancelTimer();
    timer = Optional.of(loop.schedule(delayNs, task));
  }

  private void cancelTimer() {
    timer.ifPresent(Loop.Timer::cancel);
    timer = Optional.empty();
  }
}
