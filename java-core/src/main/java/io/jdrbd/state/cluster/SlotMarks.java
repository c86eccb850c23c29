package io.jdrbd.state.cluster;

/**
 * What the metadata of a volume says about another node (spec 4.5, "Metadata flags").
 *
 * @param bitmap the node has a bitmap slot here
 * @param exists the node exists, as others have told
 * @param seen its disk was seen once
 * @param connected replication with it was on
 * @param outdated its disk is Inconsistent or Outdated
 * @param fencing there is a fencing policy for it
 */
public record SlotMarks(
    boolean bitmap,
    boolean exists,
    boolean seen,
    boolean connected,
    boolean outdated,
    boolean fencing) {
  /** Nothing is known of the node. */
  public static final SlotMarks NONE = new SlotMarks(false, false, false, false, false, false);

  /** A peer with a bitmap of which nothing else is known. */
  public static final SlotMarks BITMAP = NONE.withBitmap(true);

  /** The same but for {@link #bitmap}. */
  public SlotMarks withBitmap(boolean wanted) {
    return new SlotMarks(wanted, exists, seen, connected, outdated, fencing);
  }

  /** The same but for {@link #exists}. */
  public SlotMarks withExists(boolean wanted) {
    return new SlotMarks(bitmap, wanted, seen, connected, outdated, fencing);
  }

  /** The same but for {@link #seen}. */
  public SlotMarks withSeen(boolean wanted) {
    return new SlotMarks(bitmap, exists, wanted, connected, outdated, fencing);
  }

  /** The same but for {@link #connected}. */
  public SlotMarks withConnected(boolean wanted) {
    return new SlotMarks(bitmap, exists, seen, wanted, outdated, fencing);
  }

  /** The same but for {@link #outdated}. */
  public SlotMarks withOutdated(boolean wanted) {
    return new SlotMarks(bitmap, exists, seen, connected, wanted, fencing);
  }

  /** The same but for {@link #fencing}. */
  public SlotMarks withFencing(boolean wanted) {
    return new SlotMarks(bitmap, exists, seen, connected, outdated, wanted);
  }
}
