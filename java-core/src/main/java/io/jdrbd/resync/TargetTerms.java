package io.jdrbd.resync;

import io.jdrbd.buffer.BufferPool;
import java.util.Optional;

/**
 * How a resync target asks.
 *
 * @param rate how fast
 * @param blocksMax how many blocks of 4 KiB may be asked for and not be written ({@code
 *     max-buffers})
 * @param requestBytesMax how much one request may ask for; a power of two
 * @param checksum by which blocks are compared before they are sent; empty: they are not
 * @param thinBytes requests of exactly this length may be answered with a hole ({@code
 *     rs-discard-granularity}); 0 for none
 * @param buffers for the data that is compared
 */
public record TargetTerms(
    ResyncRate rate,
    int blocksMax,
    int requestBytesMax,
    Optional<BlockDigest> checksum,
    int thinBytes,
    BufferPool buffers) {}
