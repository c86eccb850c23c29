package io.jdrbd.resource;

/**
 * How a volume is to be resized (spec 7, section 5.4).
 *
 * @param sizeSectors the size that it shall have; 0 for all that its disk has
 * @param assumePeerHasSpace although a peer that has a disk is away, and may not have the room
 * @param assumeClean what is new counts as equal everywhere, and is not marked
 */
public record ResizeWish(long sizeSectors, boolean assumePeerHasSpace, boolean assumeClean) {
  /** All there is, nothing assumed. */
  public static final ResizeWish WHOLE = new ResizeWish(0, false, false);
}
