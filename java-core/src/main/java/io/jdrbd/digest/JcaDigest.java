package io.jdrbd.digest;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A digest of the JDK. */
final class JcaDigest implements Digest {
  private final DigestAlgorithm algorithm;
  private final MessageDigest digest;
  private final byte[] result;

  JcaDigest(DigestAlgorithm algorithm, String jcaName) {
    this.algorithm = algorithm;
    this.result = new byte[algorithm.bytes()];
    try {
      this.digest = MessageDigest.getInstance(jcaName);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(algorithm.kernelName() + " was there when it was named", e);
    }
  }

  @Override
  public DigestAlgorithm algorithm() {
    return algorithm;
  }

  @Override
  public void update(ByteBuffer data) {
    digest.update(data);
  }

  @Override
  public void finish(ByteBuffer out) {
    try {
      digest.digest(result, 0, result.length);
    } catch (DigestException e) {
      throw new IllegalStateException(algorithm + " is of another size than it should", e);
    }
    out.put(result);
  }
}
