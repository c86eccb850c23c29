package io.jdrbd.resync;

import io.jdrbd.buffer.BufferPool;

/**
 * How a verify compares.
 *
 * @param rate how fast
 * @param blocksMax how many blocks may be asked for and not be compared ({@code max-buffers})
 * @param digest that is compared ({@code verify-alg})
 * @param buffers where data is read into
 */
public record VerifyTerms(ResyncRate rate, int blocksMax, BlockDigest digest, BufferPool buffers) {}
