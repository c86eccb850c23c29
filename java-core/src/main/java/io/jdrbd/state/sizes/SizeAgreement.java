package io.jdrbd.state.sizes;

import java.util.List;
import java.util.Optional;

/**
 * The size that all nodes can have (spec 3.2.3).
 *
 * @param sectors the size; 0 if nobody has a disk
 * @param complaint why the administrator's wish was not followed, if it was not
 */
public record SizeAgreement(long sectors, Optional<String> complaint) {

  /** The smaller of two sizes that are not zero; zero if both are. */
  public static long smallerNonZero(long a, long b) {
    if (a == 0 || b == 0) {
      return a == 0 ? b : a;
    }
    return Math.min(a, b);
  }

  /**
   * As DRBD 9 agrees.
   *
   * @param ownSectors what the own disk has room for
   * @param agreedSectors what was agreed on last
   * @param wishSectors what the administrator wants
   * @param assumeSpace whether peers that are away are taken to have the space
   */
  public static SizeAgreement among(
      long ownSectors,
      long agreedSectors,
      List<PeerSize> peers,
      long wishSectors,
      boolean assumeSpace) {
    long peersHave = 0;
    long everybodyHas = ownSectors;
    boolean known = true;
    for (PeerSize peer : peers) {
      if (peer.heard()) {
        peersHave = smallerNonZero(peersHave, peer.lastSectors());
        everybodyHas = smallerNonZero(everybodyHas, peer.latestSectors());
      } else if (peer.seenWithDisk()) {
        known = false;
      }
    }
    long limit = known || assumeSpace ? everybodyHas : agreedSectors;
    long sectors = smallerNonZero(smallerNonZero(peersHave, limit), everybodyHas);
    return withWish(sectors, wishSectors);
  }

  /**
   * As DRBD 8.4 agrees.
   *
   * @param peerSectors what the peer told last
   * @param assumeSpace whether the peer is away and taken to have the space
   */
  public static SizeAgreement withOldPeer(
      long ownSectors,
      long peerSectors,
      long agreedSectors,
      long wishSectors,
      boolean assumeSpace) {
    long peerHas = assumeSpace ? ownSectors : peerSectors;
    long both = smallerNonZero(ownSectors, peerHas);
    boolean oneIsUnknown = ownSectors == 0 || peerHas == 0;
    long sectors = oneIsUnknown ? smallerNonZero(agreedSectors, both) : both;
    return withWish(sectors, wishSectors);
  }

  private static SizeAgreement withWish(long sectors, long wish) {
    if (wish > sectors) {
      return new SizeAgreement(
          sectors,
          Optional.of(
              "a size of %d sectors was asked for, but only %d are there: ignored"
                  .formatted(wish, sectors)));
    }
    return new SizeAgreement(wish == 0 ? sectors : wish, Optional.empty());
  }
}
