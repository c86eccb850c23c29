package io.jdrbd.state.handshake;

import io.jdrbd.state.SplitBrainPolicy;
import java.util.Optional;
import java.util.function.Predicate;

/** Whether the settings of both ends of a connection fit (spec 1.8.2, 1.9). */
public final class ProtocolRules {
  private static final int ALGORITHM_BYTES_MAX = 64;
  private static final int DRY_RUN_FROM = 92;

  private final ProtocolTerms own;
  private final ProtocolTerms peer;

  private ProtocolRules(ProtocolTerms own, ProtocolTerms peer) {
    this.own = own;
    this.peer = peer;
  }

  /**
   * Compares P_PROTOCOL of both sides.
   *
   * @param hashIsKnown whether this node can compute a hash of a name
   * @return what is adopted: the peer's, which are the own ones
   */
  public static HandshakeVerdict<ProtocolTerms> check(
      ProtocolTerms own, ProtocolTerms peer, int protocolVersion, Predicate<String> hashIsKnown) {
    if (peer.integrityAlgorithm().length() > ALGORITHM_BYTES_MAX) {
      return HandshakeVerdict.retry(
          "a data-integrity-alg of %d bytes; %d are the most"
              .formatted(peer.integrityAlgorithm().length(), ALGORITHM_BYTES_MAX));
    }
    if (own.dryRun() && protocolVersion < DRY_RUN_FROM) {
      return HandshakeVerdict.stop("the peer is too old for a dry run");
    }
    return new ProtocolRules(own, peer)
        .difference(hashIsKnown)
        .<HandshakeVerdict<ProtocolTerms>>map(HandshakeVerdict::stop)
        .orElse(HandshakeVerdict.agreed(peer, "the settings of both sides fit"));
  }

  private Optional<String> difference(Predicate<String> hashIsKnown) {
    return unequal("protocol", letter(own.protocol()), letter(peer.protocol()))
        .or(() -> policy("after-sb-0pri", own.afterSplitBrain0(), peer.afterSplitBrain0()))
        .or(() -> policy("after-sb-1pri", own.afterSplitBrain1(), peer.afterSplitBrain1()))
        .or(() -> policy("after-sb-2pri", own.afterSplitBrain2(), peer.afterSplitBrain2()))
        .or(this::bothDiscard)
        .or(
            () ->
                unequal("allow-two-primaries", word(own.twoPrimaries()), word(peer.twoPrimaries())))
        .or(
            () ->
                unequal("data-integrity-alg", own.integrityAlgorithm(), peer.integrityAlgorithm()))
        .or(() -> unknown(peer.integrityAlgorithm(), hashIsKnown));
  }

  private Optional<String> bothDiscard() {
    return own.discardMyData() && peer.discardMyData()
        ? Optional.of("both sides were told to discard their data; one must keep it")
        : Optional.empty();
  }

  private static Optional<String> unknown(String algorithm, Predicate<String> hashIsKnown) {
    return algorithm.isEmpty() || hashIsKnown.test(algorithm)
        ? Optional.empty()
        : Optional.of("data-integrity-alg %s is not known here".formatted(algorithm));
  }

  private static Optional<String> policy(String option, int own, int peer) {
    int mirrored = SplitBrainPolicy.of(own).map(known -> known.mirrored().number()).orElse(own);
    return mirrored == peer
        ? Optional.empty()
        : Optional.of(difference(option, policyWord(own), policyWord(peer)));
  }

  private static String policyWord(int number) {
    return SplitBrainPolicy.of(number).map(SplitBrainPolicy::word).orElse("policy " + number);
  }

  private static Optional<String> unequal(String option, String own, String peer) {
    return own.equals(peer) ? Optional.empty() : Optional.of(difference(option, own, peer));
  }

  private static String difference(String option, String own, String peer) {
    return "%s differs: %s here, %s at the peer".formatted(option, shown(own), shown(peer));
  }

  private static String shown(String value) {
    return value.isEmpty() ? "none" : value;
  }

  private static String word(boolean value) {
    return value ? "yes" : "no";
  }

  private static String letter(int protocol) {
    return switch (protocol) {
      case 1 -> "A";
      case 2 -> "B";
      case 3 -> "C";
      default -> Integer.toString(protocol);
    };
  }

  /**
   * Compares an algorithm of P_SYNC_PARAM.
   *
   * @param option verify-alg or csums-alg
   * @param settled whether the volume's handshake is over: then a change is adopted
   * @return the algorithm to be used; empty for none
   */
  public static HandshakeVerdict<String> algorithm(
      String option, String own, String peer, boolean settled, Predicate<String> hashIsKnown) {
    if (own.equals(peer)) {
      return HandshakeVerdict.agreed(own, option + " is the same");
    }
    if (!settled) {
      return HandshakeVerdict.stop(difference(option, own, peer));
    }
    return peer.isEmpty() || hashIsKnown.test(peer)
        ? HandshakeVerdict.agreed(peer, "%s becomes %s".formatted(option, shown(peer)))
        : HandshakeVerdict.stop("%s %s is not known here".formatted(option, peer));
  }
}
