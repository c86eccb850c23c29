package io.jdrbd.state.sizes;

/** What a node does about the sizes that a peer told. */
public sealed interface SizeVerdict {
  /** For logs and for people. */
  String reason();

  /**
   * The volume has a size.
   *
   * @param sectors the size
   * @param wishSectors the administrator's wish from now on
   * @param tellPeers whether the own sizes are to be sent to all connected peers, with the flags
   *     that came
   * @param newSpaceIsClean whether added space needs no resync, as it was never used
   * @param resyncNewSpace whether a resync of the added space begins
   */
  record Adopt(
      long sectors,
      long wishSectors,
      boolean tellPeers,
      boolean newSpaceIsClean,
      boolean resyncNewSpace,
      String reason)
      implements SizeVerdict {}

  /** Nothing changes. */
  record Ignore(String reason) implements SizeVerdict {}

  /**
   * The two cannot replicate. Within the connect transaction the volume makes it fail and both end
   * in StandAlone, as a node of 8.4 does alone; otherwise the connection is dropped and tried
   * again.
   */
  record Refuse(String reason) implements SizeVerdict {}
}
