package io.jdrbd.state.twopc;

import io.jdrbd.state.StateError;

/** What follows when a transaction failed (spec 4.14, 4.15). */
public final class RetryRules {
  private static final int DOUBLINGS_MAX = 5;
  private static final int SOON_MS = 50;
  private static final int LATER_MS = 1_000;

  private RetryRules() {}

  /** Whether a transaction that failed with an error is simply made again after a pause. */
  public static boolean isRetried(StateError error) {
    return error == StateError.CONCURRENT_ST_CHG || error == StateError.TIMEOUT;
  }

  /**
   * How long to pause at the most before the next attempt, in milliseconds; the pause is a random
   * part of it.
   *
   * @param baseMs twopc-retry-timeout
   * @param connections connections that are at least Connecting
   * @param attempt how often it failed, from 1
   */
  public static long pauseMsMax(long baseMs, int connections, int attempt) {
    return (baseMs * connections) << Math.min(attempt, DOUBLINGS_MAX);
  }

  /** What the initiator of a failed connect does. */
  public sealed interface AfterConnect {

    /** Begin a new transaction on the same streams. */
    record Again(int pauseMs, boolean outdateTargets) implements AfterConnect {}

    /** Send P_DISCONNECT; both end in StandAlone. */
    record GiveUp() implements AfterConnect {}

    /** Wait until the volumes that are open for reading are closed, then begin again. */
    record WaitForReaders() implements AfterConnect {}

    /** Close the streams and connect anew. */
    record Reconnect() implements AfterConnect {}
  }

  /**
   * After a connect that failed. Volumes for which this node would have become the target are
   * Outdated then, unless the attempt just comes again: it has learned that the peer has newer
   * data.
   *
   * @param retriesRefusals rr-conflict is retry-connect, or this Primary is to be demoted by force
   */
  public static AfterConnect afterConnect(StateError error, boolean retriesRefusals) {
    return switch (error) {
      case CONCURRENT_ST_CHG, TIMEOUT -> new AfterConnect.Again(SOON_MS, false);
      case HANDSHAKE_RETRY -> new AfterConnect.Again(LATER_MS, true);
      case CW_FAILED_BY_PEER, TWO_PRIMARIES ->
          retriesRefusals ? new AfterConnect.Again(LATER_MS, true) : new AfterConnect.GiveUp();
      case HANDSHAKE_DISCONNECT -> new AfterConnect.GiveUp();
      case PRIMARY_READER -> new AfterConnect.WaitForReaders();
      default -> new AfterConnect.Reconnect();
    };
  }
}
