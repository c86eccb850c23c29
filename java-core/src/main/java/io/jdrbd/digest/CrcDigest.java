package io.jdrbd.digest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/** A 32-bit checksum, written little-endian as the kernel does. */
final class CrcDigest implements Digest {
  private final DigestAlgorithm algorithm;
  private final Checksum checksum;

  CrcDigest(DigestAlgorithm algorithm, Checksum checksum) {
    this.algorithm = algorithm;
    this.checksum = checksum;
  }

  @Override
  public DigestAlgorithm algorithm() {
    return algorithm;
  }

  @Override
  public void update(ByteBuffer data) {
    checksum.update(data);
  }

  @Override
  public void finish(ByteBuffer out) {
    int value = (int) checksum.getValue();
    out.putInt(out.order() == ByteOrder.LITTLE_ENDIAN ? value : Integer.reverseBytes(value));
    checksum.reset();
  }
}
