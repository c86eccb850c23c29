package io.jdrbd.cluster.line;

import io.netty.buffer.ByteBuf;

/** The digest before bulk data, in one direction (data-integrity-alg, spec 2.8). */
public interface PeerDigest {
  /** No digest. */
  PeerDigest NONE =
      new PeerDigest() {
        @Override
        public int bytes() {
          return 0;
        }

        @Override
        public void append(ByteBuf head, ByteBuf data, int offset, int length) {
          // there is none
        }

        @Override
        public boolean matches(ByteBuf digest, ByteBuf data, int offset, int length) {
          return true;
        }
      };

  /** Its size. */
  int bytes();

  /** Whether there is one. */
  default boolean isUsed() {
    return bytes() > 0;
  }

  /** Writes the digest of data behind a packet's head. */
  void append(ByteBuf head, ByteBuf data, int offset, int length);

  /**
   * Whether a received digest is that of the data.
   *
   * @param digest from its start
   * @param offset where in {@code data} it begins
   */
  boolean matches(ByteBuf digest, ByteBuf data, int offset, int length);
}
