package io.jdrbd.metadata.format;

/**
 * What a v09 superblock keeps for one node id.
 *
 * @param bitmapUuid the generation that the peer was last in sync with; 0 where nothing is tracked
 * @param bitmapDagtag the dagtag when {@code bitmapUuid} was set
 * @param flags about the peer
 * @param bitmapIndex the peer's bitmap slot, or {@link #NO_BITMAP}
 */
public record PeerRecord(long bitmapUuid, long bitmapDagtag, PeerFlags flags, int bitmapIndex) {
  /** Stands for "has no bitmap slot". */
  public static final int NO_BITMAP = -1;

  /** What new metadata holds for every node id. */
  public static final PeerRecord UNUSED = new PeerRecord(0, 0, PeerFlags.NONE, NO_BITMAP);

  /** Whether the peer has a bitmap slot of its own. */
  public boolean hasBitmap() {
    return bitmapIndex != NO_BITMAP;
  }

  /** Whether nothing is known of this node: such records hold the "day 0" generation. */
  public boolean isTotallyUnused() {
    return !hasBitmap() && flags.bits() == 0;
  }

  public PeerRecord withBitmapUuid(long uuid, long dagtag) {
    return new PeerRecord(uuid, dagtag, flags, bitmapIndex);
  }

  public PeerRecord withFlags(PeerFlags newFlags) {
    return new PeerRecord(bitmapUuid, bitmapDagtag, newFlags, bitmapIndex);
  }

  public PeerRecord withBitmapIndex(int index) {
    return new PeerRecord(bitmapUuid, bitmapDagtag, flags, index);
  }
}
