package io.jdrbd.resync;

import io.jdrbd.buffer.BufferPool;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * How a resync source answers.
 *
 * @param rate below which applications do not slow it down
 * @param checksum that the target compares by; empty for none
 * @param peerIsPrimary whether applications run at the target: then it sees to their precedence
 *     itself
 * @param buffers where data is read into
 */
public record SourceTerms(
    ResyncRate rate,
    Optional<BlockDigest> checksum,
    BooleanSupplier peerIsPrimary,
    BufferPool buffers) {}
