package io.jdrbd.state;

/**
 * How good the data on a disk is (spec 7, section 10; the numbers are those of the wire). The order
 * matters: a higher state is a better one.
 *
 * <pre>
 *   Diskless ──► Attaching ──► Inconsistent, Outdated, Consistent, UpToDate
 *      ▲             │                        │
 *      │             ▼                        ▼
 *      ├───────── Failed ◄──── I/O error ─────┤
 *      └──────── Detaching ◄──── detach ──────┘
 * </pre>
 */
public enum DiskState {
  /** No disk is attached; an attach leads to Attaching. */
  DISKLESS(0, "Diskless"),
  /** The disk is being opened; goes to what its metadata says, or back to Diskless. */
  ATTACHING(1, "Attaching"),
  /** Requests in flight are awaited before the disk is closed; goes to Diskless. */
  DETACHING(2, "Detaching"),
  /** Given up without waiting for requests in flight; goes to Diskless. */
  FAILED(3, "Failed"),
  /** Attached while a connection exists; the handshake with the peer decides where it goes. */
  NEGOTIATING(4, "Negotiating"),
  /** Partly old, partly new data; a resync or a forced promotion makes it UpToDate. */
  INCONSISTENT(5, "Inconsistent"),
  /** Consistent data of the past; a resync makes it UpToDate. */
  OUTDATED(6, "Outdated"),
  /** A peer's disk of which nothing is known; a connection tells. */
  D_UNKNOWN(7, "DUnknown"),
  /** Consistent, but perhaps outdated: a connection decides between Outdated and UpToDate. */
  CONSISTENT(8, "Consistent"),
  /** Current data; stays so until the disk is detached, fails or is outdated. */
  UP_TO_DATE(9, "UpToDate");

  private final int number;
  private final String word;

  DiskState(int number, String word) {
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

  /** Whether this state is better than the other. */
  public boolean isAbove(DiskState other) {
    return number > other.number;
  }

  /** Whether the other state is better than this one. */
  public boolean isBelow(DiskState other) {
    return number < other.number;
  }

  /** Whether it is that state or a better one. */
  public boolean isAtLeast(DiskState other) {
    return number >= other.number;
  }
}
