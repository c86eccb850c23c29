package io.jdrbd.cluster;

import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.rules.Generations;

/**
 * The generation of the data that applications of a node without a disk have seen: they must not
 * meet an older one (spec 3.8).
 */
final class ExposedGeneration {
  private static final long NONE = 0;

  private long current = NONE;

  /** What was there before a generation that no peer has confirmed. */
  private long predecessor = NONE;

  /** The identifier; 0 if nobody has seen any. */
  long current() {
    return current;
  }

  boolean isNone() {
    return current == NONE;
  }

  /** Applications see this one from now on. */
  void learn(long uuid) {
    current = uuid == Superblock.UUID_JUST_CREATED ? NONE : uuid;
    predecessor = NONE;
  }

  /** This node begins one, which its peers have to follow. */
  void begin(long uuid) {
    predecessor = current;
    current = uuid;
  }

  /** A peer has this one. */
  void confirmedBy(long uuid) {
    predecessor = is(uuid) ? NONE : predecessor;
  }

  /** Whether it is this one. */
  boolean is(long uuid) {
    return Generations.plain(current) == Generations.plain(uuid);
  }

  /** Whether it was begun after this one, and nobody has followed: as if it had never been. */
  boolean isUnconfirmedAfter(long uuid) {
    return predecessor != NONE && Generations.plain(predecessor) == Generations.plain(uuid);
  }
}
