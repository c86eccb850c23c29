package io.jdrbd.state.sync;

import java.util.Locale;

/** Rows of the table of DRBD 9 (spec 3.6.1, 3.6.3), under their names in its log. */
public enum Rule9 implements SyncRule {
  INITIAL_HANDSHAKE_CHANGED("own identifiers or flags changed after they had been sent"),
  JUST_CREATED_BOTH("neither side ever held data"),
  JUST_CREATED_SELF("this node never held data, the peer did"),
  JUST_CREATED_PEER("the peer never held data, this node did"),
  SYNC_SOURCE_MISSED_FINISH("the peer finished a resync from here, and this node did not learn it"),
  SYNC_SOURCE_PEER_MISSED_FINISH("same data, but this node still tracks changes for the peer"),
  SYNC_TARGET_PEER_MISSED_FINISH(
      "this node finished a resync from the peer, and the peer did not learn it"),
  SYNC_TARGET_MISSED_FINISH("same data, but the peer still tracks changes for this node"),
  RECONNECTED("same data, and both nodes were running all the time"),
  CRASHED_PRIMARY("same data, and one node crashed as Primary: it may have acknowledged more"),
  LOST_QUORUM("same data, and what counts is who was Primary when it crashed or lost quorum"),
  BOTH_OFF("same data, and both nodes were off"),
  BITMAP_PEER("the peer has moved on from this node's generation and tracked what changed"),
  BITMAP_PEER_OTHER(
      "the peer has moved on from this node's generation and tracked what changed for another"),
  SYNC_TARGET_MISSED_START("the peer began a resync to here, and this node did not learn it"),
  BITMAP_SELF("this node has moved on from the peer's generation and tracked what changed"),
  BITMAP_SELF_OTHER(
      "this node has moved on from the peer's generation and tracked what changed for another"),
  SYNC_SOURCE_MISSED_START("this node began a resync to the peer, which did not learn it"),
  HISTORY_PEER("this node's generation is in the peer's past, but no bitmap reaches that far"),
  HISTORY_SELF("the peer's generation is in this node's past, but no bitmap reaches that far"),
  BITMAP_BOTH("both have moved on from the same generation, each on its own"),
  HISTORY_BOTH("they share at most a common past, and no bitmap reaches that far"),
  RECONCILE_BITMAP("one side has writes of a lost node that the other has not"),
  RECONCILE_DAGTAG("one side saw more writes of a lost node than the other");

  private final String text;

  Rule9(String text) {
    this.text = text;
  }

  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String text() {
    return text;
  }

  boolean isMissedFinish() {
    return switch (this) {
      case SYNC_SOURCE_MISSED_FINISH,
          SYNC_SOURCE_PEER_MISSED_FINISH,
          SYNC_TARGET_PEER_MISSED_FINISH,
          SYNC_TARGET_MISSED_FINISH ->
          true;
      default -> false;
    };
  }
}
