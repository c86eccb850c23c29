package io.jdrbd.digest;

import java.nio.ByteBuffer;

/**
 * Computes one digest after the other; an instance is used again and again. Not safe for threads.
 */
public interface Digest {
  /** Which one it is. */
  DigestAlgorithm algorithm();

  /** Takes what remains in the buffer, which is used up. */
  void update(ByteBuffer data);

  /**
   * Writes the digest of all that was taken, {@link DigestAlgorithm#bytes} long, and starts anew.
   *
   * @param out takes it at its position
   */
  void finish(ByteBuffer out);

  /** The digest of what remains in the buffer, which is used up. */
  default byte[] of(ByteBuffer data) {
    byte[] digest = new byte[algorithm().bytes()];
    update(data);
    finish(ByteBuffer.wrap(digest));
    return digest;
  }
}
