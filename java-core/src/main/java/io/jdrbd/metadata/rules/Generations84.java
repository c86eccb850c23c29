package io.jdrbd.metadata.rules;

import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV08;

/**
 * The generation identifiers of a DRBD 8.4 node and what happens to them (spec 3.5). Immutable.
 *
 * @param current identity of the present contents
 * @param bitmap the generation that the peer was last in sync with; 0 is "in sync"
 * @param younger the generation before
 * @param older and the one before that
 */
public record Generations84(long current, long bitmap, long younger, long older) {
  /** Added to a bitmap identifier, makes the identifier of the resync that begins with it. */
  public static final long SYNC_STEP = 1L << 48;

  /** The identifiers in a superblock. */
  public static Generations84 of(SuperblockV08 superblock) {
    return new Generations84(
        superblock.currentUuid(),
        superblock.bitmapUuid(),
        superblock.historyYounger(),
        superblock.historyOlder());
  }

  /** The superblock with these identifiers. */
  public SuperblockV08 into(SuperblockV08 superblock) {
    return superblock.withUuids(current, bitmap, younger, older);
  }

  /** Replaces the bitmap identifier; the old one becomes history. */
  public Generations84 withBitmap(long uuid) {
    return bitmap == 0
        ? new Generations84(current, uuid, younger, older)
        : new Generations84(current, uuid, bitmap, younger);
  }

  /** A new generation begins: the old one is what the peer was last in sync with. */
  public Generations84 newCurrent(long random, boolean primary) {
    long uuid = primary ? random | Superblock.UUID_PRIMARY : random & ~Superblock.UUID_PRIMARY;
    return new Generations84(uuid, current, younger, older);
  }

  /** The identifier that a resync with this node as source begins with. */
  public long syncUuid(long random) {
    return bitmap == 0 || bitmap == Superblock.UUID_JUST_CREATED ? random : bitmap + SYNC_STEP;
  }

  /** A resync with this node as source begins. */
  public Generations84 resyncStartsAsSource(long syncUuid) {
    return withBitmap(syncUuid);
  }

  /** A resync with this node as target begins. */
  public Generations84 resyncStartsAsTarget(long syncUuid) {
    return new Generations84(syncUuid, 0, younger, older);
  }

  /** A resync with this node as source is complete. */
  public Generations84 resyncFinishedAsSource() {
    return withBitmap(0);
  }

  /**
   * A resync with this node as target is complete.
   *
   * @param source what the source said of itself when the resync was agreed on
   */
  public Generations84 resyncFinishedAsTarget(Generations84 source) {
    return new Generations84(current, source.bitmap, source.younger, source.older)
        .withBitmap(current)
        .withCurrent(source.current)
        .withBitmap(0);
  }

  /** A resync was begun here, but the peer never learned of it. */
  public Generations84 resyncNeverStarted() {
    return new Generations84(current, younger, older, older);
  }

  private Generations84 withCurrent(long uuid) {
    return new Generations84(uuid, bitmap, younger, older);
  }
}
