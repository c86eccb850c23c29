package io.jdrbd.resync;

import io.jdrbd.digest.Digest;
import io.jdrbd.digest.DigestAlgorithm;
import io.jdrbd.digest.DigestUnavailableException;
import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import java.util.Optional;

/** The digest of blocks by which two nodes compare them (csums-alg, verify-alg; spec 6.18.4). */
public final class BlockDigest {
  private final Digest digest;

  private BlockDigest(DigestAlgorithm algorithm) {
    this.digest = algorithm.create();
  }

  /**
   * A new instance.
   *
   * @param algorithm as the kernel calls it; empty for none
   * @return empty if there is no such algorithm
   */
  public static Optional<BlockDigest> find(String algorithm) {
    try {
      return algorithm.isEmpty()
          ? Optional.empty()
          : Optional.of(new BlockDigest(DigestAlgorithm.of(algorithm)));
    } catch (DigestUnavailableException e) {
      return Optional.empty();
    }
  }

  /** Its size. */
  int bytes() {
    return digest.algorithm().bytes();
  }

  /** The digest of data from its start. */
  byte[] of(ByteBuf data, int lengthBytes) {
    return digest.of(data.nioBuffer(0, lengthBytes));
  }

  /** Whether this is the digest of data; one of another length is not. */
  boolean matches(byte[] received, ByteBuf data, int lengthBytes) {
    return MessageDigest.isEqual(received, of(data, lengthBytes));
  }
}
