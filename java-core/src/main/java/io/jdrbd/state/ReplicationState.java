package io.jdrbd.state;

/**
 * What a volume does on a connection (spec 3.3.2; the numbers are those of the wire, where they
 * follow those of {@link ConnectionState}).
 *
 * <pre>
 *   Off ──► Established ◄──────────────────────────────────────────┐
 *    │         │  └──► VerifyS, VerifyT ───────────────────────────┤
 *    │         └─────► StartingSyncS, StartingSyncT ──┐            │
 *    └──► WFBitMapS, WFBitMapT ──► (WFSyncUUID) ──────┴► SyncSource, SyncTarget
 *                                                        ▲        │
 *             Ahead, Behind ─────────────────────────────┤        ▼
 *                                                        PausedSyncS, PausedSyncT
 * </pre>
 */
public enum ReplicationState {
  /** Not connected, or not yet agreed. */
  OFF(9, "Off"),
  /** Connected, no resync or verify runs. */
  ESTABLISHED(10, "Established"),
  /** A full sync as source is being prepared; goes to SyncSource. */
  STARTING_SYNC_S(11, "StartingSyncS"),
  /** A full sync as target is being prepared; goes to SyncTarget. */
  STARTING_SYNC_T(12, "StartingSyncT"),
  /** Source, bitmaps are exchanged; goes to SyncSource. */
  WF_BITMAP_S(13, "WFBitMapS"),
  /** Target, bitmaps are exchanged; goes to SyncTarget (or WFSyncUUID). */
  WF_BITMAP_T(14, "WFBitMapT"),
  /** Target below protocol version 110 that waits for P_SYNC_UUID; goes to SyncTarget. */
  WF_SYNC_UUID(15, "WFSyncUUID"),
  /** Resync runs, this node has the good data; goes to Established. */
  SYNC_SOURCE(16, "SyncSource"),
  /** Resync runs, this node gets the good data; goes to Established. */
  SYNC_TARGET(17, "SyncTarget"),
  /** Online verify runs, this node asks; goes to Established. */
  VERIFY_S(18, "VerifyS"),
  /** Online verify runs, this node answers; goes to Established. */
  VERIFY_T(19, "VerifyT"),
  /** Resync as source is paused. */
  PAUSED_SYNC_S(20, "PausedSyncS"),
  /** Resync as target is paused. */
  PAUSED_SYNC_T(21, "PausedSyncT"),
  /** Congestion: the peer is told what changes, but does not get it; goes to SyncSource. */
  AHEAD(22, "Ahead"),
  /** The peer is Ahead; goes to SyncTarget. */
  BEHIND(23, "Behind");

  private final int number;
  private final String word;

  ReplicationState(int number, String word) {
    this.number = number;
    this.word = word;
  }

  /** Its number on the wire. */
  public int number() {
    return number;
  }

  /** Its word in status and events. */
  public String word() {
    return word;
  }

  /** Whether this state comes after the other in the order of their numbers. */
  public boolean isAbove(ReplicationState other) {
    return number > other.number;
  }

  /** Whether its number lies in the run from one state to another, both included. */
  public boolean isBetween(ReplicationState first, ReplicationState last) {
    return number >= first.number && number <= last.number;
  }

  /** Whether a resync runs or is paused, with this node as source. */
  public boolean isSource() {
    return this == SYNC_SOURCE || this == PAUSED_SYNC_S;
  }

  /** Whether a resync runs or is paused, with this node as target. */
  public boolean isTarget() {
    return this == SYNC_TARGET || this == PAUSED_SYNC_T;
  }

  /** Whether the other state is further in the order of their numbers than this one. */
  public boolean isBelow(ReplicationState other) {
    return number < other.number;
  }

  /** Whether it is that state or one that comes after it. */
  public boolean isAtLeast(ReplicationState other) {
    return number >= other.number;
  }
}
