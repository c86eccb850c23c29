package io.jdrbd.state.sync;

import io.jdrbd.state.SplitBrainPolicy;
import java.util.List;

/** What the after-sb policies make of a split brain (spec 3.7.5). */
final class SplitBrain {

  /**
   * What the policies look at.
   *
   * @param ownWasPrimary bit 0 of the own bitmap identifier: this node was Primary already when the
   *     two parted
   * @param peerWasPrimary the same of the peer
   * @param ownBits blocks that this node changed since
   * @param peerBits blocks that the peer changed since
   * @param ownPrimary whether this node is Primary now
   * @param peerPrimary whether the peer is
   * @param terms the rest
   */
  record Facts(
      boolean ownWasPrimary,
      boolean peerWasPrimary,
      long ownBits,
      long peerBits,
      boolean ownPrimary,
      boolean peerPrimary,
      SyncTerms terms) {

    static <U> Facts of(SyncFacts<U> facts, long ownSlot, long peerSlot) {
      return new Facts(
          (ownSlot & 1) != 0,
          (peerSlot & 1) != 0,
          facts.own().dirtyBits(),
          facts.peer().dirtyBits(),
          facts.own().isPrimary(),
          facts.peer().isPrimary(),
          facts.terms());
    }
  }

  /** Who gives way. */
  enum Winner {
    OWN,
    PEER,
    NOBODY;

    Strategy strategy() {
      return switch (this) {
        case OWN -> Strategy.SOURCE_USE_BITMAP;
        case PEER -> Strategy.TARGET_USE_BITMAP;
        case NOBODY -> Strategy.SPLIT_BRAIN_DISCONNECT;
      };
    }
  }

  /**
   * Whom the policies chose.
   *
   * @param option the name and value of the option that decided
   * @param actions to be done before
   */
  record Solution(Winner winner, String option, List<SyncAction> actions) {}

  private SplitBrain() {}

  /** Asks the policy for the number of Primaries that there are. */
  static Solution solve(Facts facts) {
    SyncPolicies policies = facts.terms().policies();
    if (facts.ownPrimary() && facts.peerPrimary()) {
      return twoPrimaries(policies.twoPrimaries(), facts);
    }
    if (facts.ownPrimary() || facts.peerPrimary()) {
      return onePrimary(policies.onePrimary(), facts);
    }
    return solution("after-sb-0pri", policies.noPrimary(), noPrimary(facts));
  }

  private static Solution solution(String option, SplitBrainPolicy policy, Winner winner) {
    return new Solution(winner, option + " " + policy.word(), List.of());
  }

  private static Winner noPrimary(Facts facts) {
    SplitBrainPolicy policy = facts.terms().policies().noPrimary();
    return switch (policy) {
      case DISCARD_YOUNGER_PRIMARY -> byAge(facts, true);
      case DISCARD_OLDER_PRIMARY -> byAge(facts, false);
      case DISCARD_ZERO_CHANGES -> zeroChanges(facts);
      case DISCARD_LEAST_CHANGES -> leastChanges(facts);
      case DISCARD_LOCAL -> Winner.PEER;
      case DISCARD_REMOTE -> Winner.OWN;
      case DISCONNECT,
          CONSENSUS,
          DISCARD_SECONDARY,
          CALL_PRI_LOST,
          VIOLENTLY,
          RETRY_CONNECT,
          AUTO_DISCARD ->
          Winner.NOBODY;
    };
  }

  /** Who was Primary when the two parted is the older one. */
  private static Winner byAge(Facts facts, boolean olderWins) {
    if (facts.ownWasPrimary() != facts.peerWasPrimary()) {
      return facts.ownWasPrimary() == olderWins ? Winner.OWN : Winner.PEER;
    }
    Winner unchanged = zeroChanges(facts);
    return unchanged == Winner.NOBODY ? leastChanges(facts) : unchanged;
  }

  private static Winner zeroChanges(Facts facts) {
    if (facts.ownBits() == 0 && facts.peerBits() == 0) {
      return tie(facts);
    }
    if (facts.peerBits() == 0) {
      return Winner.OWN;
    }
    return facts.ownBits() == 0 ? Winner.PEER : Winner.NOBODY;
  }

  private static Winner leastChanges(Facts facts) {
    if (facts.ownBits() == facts.peerBits()) {
      return tie(facts);
    }
    return facts.ownBits() < facts.peerBits() ? Winner.PEER : Winner.OWN;
  }

  private static Winner tie(Facts facts) {
    return facts.terms().acceptedControl() ? Winner.PEER : Winner.OWN;
  }

  private static Solution onePrimary(SplitBrainPolicy policy, Facts facts) {
    String option = "after-sb-1pri";
    Winner primary = facts.ownPrimary() ? Winner.OWN : Winner.PEER;
    return switch (policy) {
      case CONSENSUS -> {
        Winner winner = noPrimary(facts);
        yield solution(option, policy, winner == primary ? winner : Winner.NOBODY);
      }
      case VIOLENTLY -> solution(option, policy, noPrimary(facts));
      case DISCARD_SECONDARY -> solution(option, policy, primary);
      case CALL_PRI_LOST -> demoting(option, policy, facts);
      case DISCONNECT,
          DISCARD_YOUNGER_PRIMARY,
          DISCARD_OLDER_PRIMARY,
          DISCARD_ZERO_CHANGES,
          DISCARD_LEAST_CHANGES,
          DISCARD_LOCAL,
          DISCARD_REMOTE,
          RETRY_CONNECT,
          AUTO_DISCARD ->
          solution(option, policy, Winner.NOBODY);
    };
  }

  private static Solution twoPrimaries(SplitBrainPolicy policy, Facts facts) {
    String option = "after-sb-2pri";
    return switch (policy) {
      case VIOLENTLY -> solution(option, policy, noPrimary(facts));
      case CALL_PRI_LOST -> demoting(option, policy, facts);
      case DISCONNECT,
          DISCARD_YOUNGER_PRIMARY,
          DISCARD_OLDER_PRIMARY,
          DISCARD_ZERO_CHANGES,
          DISCARD_LEAST_CHANGES,
          DISCARD_LOCAL,
          DISCARD_REMOTE,
          CONSENSUS,
          DISCARD_SECONDARY,
          RETRY_CONNECT,
          AUTO_DISCARD ->
          solution(option, policy, Winner.NOBODY);
    };
  }

  private static Solution demoting(String option, SplitBrainPolicy policy, Facts facts) {
    Winner winner = noPrimary(facts);
    String text = option + " " + policy.word();
    if (winner != Winner.PEER || !facts.ownPrimary()) {
      return new Solution(winner, text, List.of());
    }
    return facts.terms().canBeDemoted()
        ? new Solution(winner, text, List.of(SyncAction.DEMOTE))
        : new Solution(Winner.NOBODY, text, List.of(SyncAction.HANDLER_PRI_LOST_AFTER_SB));
  }
}
