package io.jdrbd.state.handshake;

/**
 * What a node says in P_PROTOCOL (spec 1.8.1).
 *
 * @param protocol 1 for A, 2 for B, 3 for C
 * @param afterSplitBrain0 after-sb-0pri, the number of a {@link io.jdrbd.state.SplitBrainPolicy}
 * @param afterSplitBrain1 after-sb-1pri
 * @param afterSplitBrain2 after-sb-2pri
 * @param discardMyData whether this node's changes are to be given up
 * @param dryRun whether the data is compared only
 * @param twoPrimaries allow-two-primaries
 * @param integrityAlgorithm data-integrity-alg; empty for none
 */
public record ProtocolTerms(
    int protocol,
    int afterSplitBrain0,
    int afterSplitBrain1,
    int afterSplitBrain2,
    boolean discardMyData,
    boolean dryRun,
    boolean twoPrimaries,
    String integrityAlgorithm) {}
