package io.jdrbd.state.sizes;

import java.util.List;

/** What a node puts into P_SIZES (spec 3.2.2). */
public final class SentSizes {
  /** From this version on a node passes on what its other peers have. */
  private static final int MINIMUM_OF_ALL = 112;

  private SentSizes() {}

  /**
   * The room for data that a node tells.
   *
   * @param own what its own disk has room for; 0 without a disk
   * @param peers what its peers told
   */
  public static long diskSectors(long own, List<PeerSize> peers, int protocolVersion) {
    if (protocolVersion < MINIMUM_OF_ALL) {
      return own;
    }
    long smallest = own;
    for (PeerSize peer : peers) {
      if (peer.heard()) {
        smallest = SizeAgreement.smallerNonZero(smallest, peer.latestSectors());
      }
    }
    return smallest;
  }

  /** The largest request that a node tells, in bytes; 0 as limit means that it has no disk. */
  public static int maxBioBytes(int backingLimit, int protocolVersion) {
    int cap = SizeRules.maxBioBytes(protocolVersion);
    return backingLimit == 0 ? cap : Math.min(backingLimit, cap);
  }
}
