package io.jdrbd.replication;

/** One who uses a range of a volume; can be used again after its release. */
public abstract class RangeUser {
  private RangeKind kind = RangeKind.OWN_WRITE;
  private int peer;
  private long start;
  private long end;
  private RangeUser previous = this;
  private RangeUser next = this;

  /** The range may be used from now on. */
  public abstract void rangeGranted();

  /** Something overlapping is written while this range is in use for a verify. */
  public void disturbed() {
    // matters to a verify only
  }

  final RangeKind rangeKind() {
    return kind;
  }

  final void set(RangeKind kind, int peer, long offsetBytes, long lengthBytes) {
    this.kind = kind;
    this.peer = peer;
    this.start = offsetBytes;
    this.end = offsetBytes + lengthBytes;
  }

  final void become(RangeKind changed) {
    kind = changed;
  }

  final boolean waitsForActive(RangeUser other) {
    return overlaps(other) && kind.waitsForActive(other.kind, peer == other.peer);
  }

  final boolean waitsForWaiting(RangeUser other) {
    return overlaps(other) && kind.waitsForWaiting(other.kind, peer == other.peer);
  }

  /** Tells a verify if it compares what this one changes. */
  final void disturbs(RangeUser verify) {
    if (kind.changesData() && overlaps(verify)) {
      verify.disturbed();
    }
  }

  private boolean overlaps(RangeUser other) {
    return start < other.end && other.start < end;
  }

  final RangeUser next() {
    return next;
  }

  final void insertBefore(RangeUser place) {
    previous = place.previous;
    next = place;
    previous.next = this;
    place.previous = this;
  }

  final void unlink() {
    previous.next = next;
    next.previous = previous;
    previous = this;
    next = this;
  }
}
