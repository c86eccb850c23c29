package io.jdrbd.state;

import java.util.Arrays;
import java.util.Optional;

/** What is given up after a split brain or a conflict of a resync; numbers as on the wire. */
public enum SplitBrainPolicy {
  DISCONNECT(0, "disconnect"),
  DISCARD_YOUNGER_PRIMARY(1, "discard-younger-primary"),
  DISCARD_OLDER_PRIMARY(2, "discard-older-primary"),
  DISCARD_ZERO_CHANGES(3, "discard-zero-changes"),
  DISCARD_LEAST_CHANGES(4, "discard-least-changes"),
  DISCARD_LOCAL(5, "discard-local"),
  DISCARD_REMOTE(6, "discard-remote"),
  CONSENSUS(7, "consensus"),
  DISCARD_SECONDARY(8, "discard-secondary"),
  /** As rr-conflict: call-pri-lost. */
  CALL_PRI_LOST(9, "call-pri-lost-after-sb"),
  /** As rr-conflict: violently. */
  VIOLENTLY(10, "violently-as0p"),
  /** Only as rr-conflict. */
  RETRY_CONNECT(11, "retry-connect"),
  /** Only as rr-conflict. */
  AUTO_DISCARD(12, "auto-discard");

  private final int number;
  private final String word;

  SplitBrainPolicy(int number, String word) {
    this.number = number;
    this.word = word;
  }

  /** Its number on the wire. */
  public int number() {
    return number;
  }

  /** Its word in the configuration as an after-sb policy. */
  public String word() {
    return word;
  }

  /** The policy of a number. */
  public static Optional<SplitBrainPolicy> of(int number) {
    return Arrays.stream(values()).filter(policy -> policy.number == number).findFirst();
  }

  /** What the peer must have configured where this node has this one. */
  public SplitBrainPolicy mirrored() {
    return switch (this) {
      case DISCARD_LOCAL -> DISCARD_REMOTE;
      case DISCARD_REMOTE -> DISCARD_LOCAL;
      default -> this;
    };
  }
}
