package io.jdrbd.state.sync;

/** What two nodes do about their differences, seen from one of them (spec 3.6). */
public enum Strategy {
  NO_SYNC("no-sync", 0, "nothing has to be copied"),
  /** Source, unless the peer is Primary. */
  SOURCE_IF_BOTH_FAILED("source-if-both-failed", 1, "this node is the source if none is Primary"),
  SOURCE_USE_BITMAP("source-use-bitmap", 1, "this node is the source of what the bitmap says"),
  SOURCE_SET_BITMAP("source-set-bitmap", 2, "this node is the source of everything"),
  SOURCE_COPY_BITMAP(
      "source-copy-bitmap", 1, "this node is the source of what another node's bitmap says"),
  /** Target, unless this node is Primary. */
  TARGET_IF_BOTH_FAILED("target-if-both-failed", -1, "this node is the target if none is Primary"),
  TARGET_USE_BITMAP("target-use-bitmap", -1, "this node is the target of what the bitmap says"),
  TARGET_SET_BITMAP("target-set-bitmap", -2, "this node is the target of everything"),
  TARGET_CLEAR_BITMAP(
      "target-clear-bitmap", -1, "this node is the target; the source brings the bitmap"),
  SPLIT_BRAIN_AUTO_RECOVER("split-brain-auto-recover", 100, "both wrote since they last agreed"),
  SPLIT_BRAIN_DISCONNECT(
      "split-brain-disconnect", -100, "both wrote since they last agreed, and that is not solved"),
  UNRELATED_DATA("unrelated-data", -1000, "the two have nothing in common"),
  RETRY_CONNECT("retry-connect", 0, "the facts changed while they were exchanged"),
  REQUIRES_PROTO_91("requires-proto-91", -1091, "protocol 91 would be needed"),
  REQUIRES_PROTO_124("requires-proto-124", 0, "protocol 124 would be needed"),
  /** Only with a peer of 8.4. */
  REQUIRES_WRITE_SAME(
      "requires-write-same", -66661, "protocol 101 and the feature WRITE_SAME would be needed"),
  TARGET_PRIMARY_DISCONNECT(
      "target-primary-disconnect", 0, "this node would be the target but is Primary"),
  TARGET_PRIMARY_RECONNECT(
      "target-primary-reconnect", 0, "this node would be the target but is Primary; try again");

  private final String word;
  private final int number84;
  private final String text;

  Strategy(String word, int number84, String text) {
    this.word = word;
    this.number84 = number84;
    this.text = text;
  }

  /** Its name in the log of DRBD 9. */
  public String word() {
    return word;
  }

  /** Its number in the log of DRBD 8.4; 0 as well for what 8.4 does not know. */
  public int number84() {
    return number84;
  }

  /** What it means, in words. */
  public String text() {
    return text;
  }

  /** Whether this node gives its data. */
  public boolean isSource() {
    return switch (this) {
      case SOURCE_IF_BOTH_FAILED, SOURCE_USE_BITMAP, SOURCE_SET_BITMAP, SOURCE_COPY_BITMAP -> true;
      default -> false;
    };
  }

  /** Whether this node takes the peer's data. */
  public boolean isTarget() {
    return switch (this) {
      case TARGET_IF_BOTH_FAILED, TARGET_USE_BITMAP, TARGET_SET_BITMAP, TARGET_CLEAR_BITMAP -> true;
      default -> false;
    };
  }

  /** Whether the direction depends on who is Primary now. */
  public boolean isIfBothFailed() {
    return this == SOURCE_IF_BOTH_FAILED || this == TARGET_IF_BOTH_FAILED;
  }

  /** Whether both have written. */
  public boolean isSplitBrain() {
    return this == SPLIT_BRAIN_AUTO_RECOVER || this == SPLIT_BRAIN_DISCONNECT;
  }

  /** The same, with everything copied instead of what the bitmap says. */
  Strategy full() {
    return switch (this) {
      case SOURCE_USE_BITMAP -> SOURCE_SET_BITMAP;
      case TARGET_USE_BITMAP -> TARGET_SET_BITMAP;
      default -> this;
    };
  }

  /** The other direction; itself where there is none. */
  Strategy reversed() {
    return switch (this) {
      case SOURCE_IF_BOTH_FAILED -> TARGET_IF_BOTH_FAILED;
      case TARGET_IF_BOTH_FAILED -> SOURCE_IF_BOTH_FAILED;
      case SOURCE_USE_BITMAP -> TARGET_USE_BITMAP;
      case TARGET_USE_BITMAP -> SOURCE_USE_BITMAP;
      case SOURCE_SET_BITMAP -> TARGET_SET_BITMAP;
      case TARGET_SET_BITMAP -> SOURCE_SET_BITMAP;
      default -> this;
    };
  }
}
