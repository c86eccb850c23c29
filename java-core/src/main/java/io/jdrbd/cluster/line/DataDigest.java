package io.jdrbd.cluster.line;

import io.jdrbd.digest.Digest;
import io.jdrbd.digest.DigestAlgorithm;
import io.jdrbd.digest.DigestUnavailableException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The digest of one direction of a connection with data-integrity-alg (spec 2.8). */
public final class DataDigest implements PeerDigest {
  private final Digest digest;
  private final ByteBuffer computed;

  private DataDigest(DigestAlgorithm algorithm) {
    this.digest = algorithm.create();
    this.computed = ByteBuffer.allocate(algorithm.bytes());
  }

  /**
   * A new instance; empty if there is no such algorithm.
   *
   * @param algorithm as the kernel calls it, empty for none
   */
  public static Optional<PeerDigest> find(String algorithm) {
    if (algorithm.isEmpty()) {
      return Optional.of(PeerDigest.NONE);
    }
    try {
      return Optional.of(new DataDigest(DigestAlgorithm.of(algorithm)));
    } catch (DigestUnavailableException e) {
      return Optional.empty();
    }
  }

  @Override
  public int bytes() {
    return digest.algorithm().bytes();
  }

  @Override
  public void append(ByteBuf head, ByteBuf data, int offset, int length) {
    head.writeBytes(compute(data, offset, length));
  }

  @Override
  public boolean matches(ByteBuf received, ByteBuf data, int offset, int length) {
    return compute(data, offset, length).equals(received.nioBuffer(0, bytes()));
  }

  private ByteBuffer compute(ByteBuf data, int offset, int length) {
    digest.update(data.nioBuffer(offset, length));
    digest.finish(computed.clear());
    return computed.flip();
  }
}
