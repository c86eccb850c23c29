package io.jdrbd.resource;

import io.jdrbd.metadata.format.AlGeometry;
import java.util.Optional;

/**
 * How a volume is to be resized (spec 7, section 5.4).
 *
 * @param sizeSectors the size that it shall have; 0 for all that its disk has
 * @param assumePeerHasSpace although a peer that has a disk is away, and may not have the room
 * @param assumeClean what is new counts as equal everywhere, and is not marked
 * @param shape that the activity log is to have; empty to leave it as it is
 */
public record ResizeWish(
    long sizeSectors, boolean assumePeerHasSpace, boolean assumeClean, Optional<AlGeometry> shape) {
  /** All there is, nothing assumed. */
  public static final ResizeWish WHOLE = new ResizeWish(0, false, false);

  /** The activity log stays as it is. */
  public ResizeWish(long sizeSectors, boolean assumePeerHasSpace, boolean assumeClean) {
    this(sizeSectors, assumePeerHasSpace, assumeClean, Optional.empty());
  }

  /** The same, with an activity log of another shape. */
  public ResizeWish withShape(AlGeometry wanted) {
    return new ResizeWish(sizeSectors, assumePeerHasSpace, assumeClean, Optional.of(wanted));
  }
}
