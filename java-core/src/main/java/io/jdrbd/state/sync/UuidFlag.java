package io.jdrbd.state.sync;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What a node says of its generation identifiers when it sends them (spec 3.4.4). */
public enum UuidFlag {
  /** The administrator wants this node's changes given up. */
  DISCARD_MY_DATA(0x1),
  /** The disk belonged to a Primary that went down without being demoted. */
  CRASHED_PRIMARY(0x2),
  /** The metadata calls the data inconsistent. */
  INCONSISTENT(0x4),
  /** "Adopt my current identifier and consider yourself identical." */
  SKIP_INITIAL_SYNC(0x8),
  /** A Primary began a new generation. */
  NEW_DATAGEN(0x10),
  /** The sender is Primary, or has no connected Primary: its data does not change by others. */
  STABLE(0x20),
  /** The sender became stable just now: compare again. */
  GOT_STABLE(0x40),
  /** "Compare now, and resync if needed." */
  RESYNC(0x80),
  /** The sender's connection object has seen this peer before: it was running all the time. */
  RECONNECT(0x100),
  /** With {@link #RESYNC}: because of a diskless Primary. */
  DISKLESS_PRIMARY(0x200),
  /** The sender was Primary when it lost quorum. */
  PRIMARY_LOST_QUORUM(0x400),
  /** The current identifier is that of the sender's own resync source. */
  SYNC_TARGET(0x800),
  /** One more slot is sent, for nodes that never were connected. */
  HAS_UNALLOCATED(0x1000);

  private final int mask;

  UuidFlag(int mask) {
    this.mask = mask;
  }

  /** The bit in the packet. */
  public int mask() {
    return mask;
  }

  /** The flags in a word of the wire; bits without a name are ignored. */
  public static Set<UuidFlag> of(long word) {
    EnumSet<UuidFlag> flags = EnumSet.noneOf(UuidFlag.class);
    for (UuidFlag flag : values()) {
      if ((word & flag.mask) != 0) {
        flags.add(flag);
      }
    }
    return Collections.unmodifiableSet(flags);
  }

  /** The word of the wire for some flags. */
  public static long word(Set<UuidFlag> flags) {
    return flags.stream().mapToLong(flag -> flag.mask).reduce(0, (a, b) -> a | b);
  }
}
