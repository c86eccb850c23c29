package io.jdrbd.state.cluster;

/**
 * What the rules need to know of a volume on a connection besides its states; kept by the caller,
 * except that {@code gotStable} is forgotten after one change.
 *
 * @param bitmap option bitmap: the peer has a disk, or may have one
 * @param tiebreaker option peer-tiebreaker
 * @param stable the UUIDs of the peer are known and it calls itself stable
 * @param gotStable the peer has just announced that it became stable
 * @param sameUuid the current UUID of the peer is the own; without a disk: the exposed one
 * @param toldOldUuid the own current UUID has changed since the peer was told in the handshake
 * @param bitmapUuidIsZero there is no bitmap UUID towards this peer
 * @param quorate the peer said with its last state that it has quorum
 * @param dirtyBits in the bitmap towards this peer
 * @param attachResult while the own disk is Negotiating: what came of it
 */
public record PeerDeviceFacts(
    boolean bitmap,
    boolean tiebreaker,
    boolean stable,
    boolean gotStable,
    boolean sameUuid,
    boolean toldOldUuid,
    boolean bitmapUuidIsZero,
    boolean quorate,
    long dirtyBits,
    AttachResult attachResult) {
  /** A peer with a disk of which nothing is known. */
  public static final PeerDeviceFacts DEFAULT =
      new PeerDeviceFacts(
          true, true, false, false, false, false, true, false, 0, AttachResult.OPEN);

  /** The same but for {@link #bitmap}. */
  public PeerDeviceFacts withBitmap(boolean wanted) {
    return new PeerDeviceFacts(
        wanted,
        tiebreaker,
        stable,
        gotStable,
        sameUuid,
        toldOldUuid,
        bitmapUuidIsZero,
        quorate,
        dirtyBits,
        attachResult);
  }

  /** The same but for {@link #tiebreaker}. */
  public PeerDeviceFacts withTiebreaker(boolean wanted) {
    return new PeerDeviceFacts(
        bitmap,
        wanted,
        stable,
        gotStable,
        sameUuid,
        toldOldUuid,
        bitmapUuidIsZero,
        quorate,
        dirtyBits,
        attachResult);
  }

  /** The same but for {@link #stable}. */
  public PeerDeviceFacts withStable(boolean wanted) {
    return new PeerDeviceFacts(
        bitmap,
        tiebreaker,
        wanted,
        gotStable,
        sameUuid,
        toldOldUuid,
        bitmapUuidIsZero,
        quorate,
        dirtyBits,
        attachResult);
  }

  /** The same but for {@link #gotStable}. */
  public PeerDeviceFacts withGotStable(boolean wanted) {
    return new PeerDeviceFacts(
        bitmap,
        tiebreaker,
        stable,
        wanted,
        sameUuid,
        toldOldUuid,
        bitmapUuidIsZero,
        quorate,
        dirtyBits,
        attachResult);
  }

  /** The same but for {@link #sameUuid}. */
  public PeerDeviceFacts withSameUuid(boolean wanted) {
    return new PeerDeviceFacts(
        bitmap,
        tiebreaker,
        stable,
        gotStable,
        wanted,
        toldOldUuid,
        bitmapUuidIsZero,
        quorate,
        dirtyBits,
        attachResult);
  }

  /** The same but for {@link #toldOldUuid}. */
  public PeerDeviceFacts withToldOldUuid(boolean wanted) {
    return new PeerDeviceFacts(
        bitmap,
        tiebreaker,
        stable,
        gotStable,
        sameUuid,
        wanted,
        bitmapUuidIsZero,
        quorate,
        dirtyBits,
        attachResult);
  }

  /** The same but for {@link #bitmapUuidIsZero}. */
  public PeerDeviceFacts withBitmapUuidIsZero(boolean wanted) {
    return new PeerDeviceFacts(
        bitmap,
        tiebreaker,
        stable,
        gotStable,
        sameUuid,
        toldOldUuid,
        wanted,
        quorate,
        dirtyBits,
        attachResult);
  }

  /** The same but for {@link #quorate}. */
  public PeerDeviceFacts withQuorate(boolean wanted) {
    return new PeerDeviceFacts(
        bitmap,
        tiebreaker,
        stable,
        gotStable,
        sameUuid,
        toldOldUuid,
        bitmapUuidIsZero,
        wanted,
        dirtyBits,
        attachResult);
  }

  /** The same but for {@link #dirtyBits}. */
  public PeerDeviceFacts withDirtyBits(long wanted) {
    return new PeerDeviceFacts(
        bitmap,
        tiebreaker,
        stable,
        gotStable,
        sameUuid,
        toldOldUuid,
        bitmapUuidIsZero,
        quorate,
        wanted,
        attachResult);
  }

  /** The same but for {@link #attachResult}. */
  public PeerDeviceFacts withAttachResult(AttachResult wanted) {
    return new PeerDeviceFacts(
        bitmap,
        tiebreaker,
        stable,
        gotStable,
        sameUuid,
        toldOldUuid,
        bitmapUuidIsZero,
        quorate,
        dirtyBits,
        wanted);
  }
}
