package io.jdrbd.digest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * A hash that data-integrity-alg, verify-alg and csums-alg can name. The names are the Linux
 * kernel's; nodes compare them letter by letter.
 */
public enum DigestAlgorithm {
  /** CRC-32C, little-endian. */
  CRC32C("crc32c", Integer.BYTES),
  /** The kernel's CRC-32: initial value 0, no final inversion, little-endian. */
  CRC32("crc32", Integer.BYTES),
  /** The CRC of T10 DIF; the kernel writes it in its own byte order, here that of x86 and ARM. */
  CRCT10DIF("crct10dif", Short.BYTES),
  MD5("md5", 16, "MD5"),
  SHA1("sha1", 20, "SHA-1"),
  SHA224("sha224", 28, "SHA-224"),
  SHA256("sha256", 32, "SHA-256"),
  SHA384("sha384", 48, "SHA-384"),
  SHA512("sha512", 64, "SHA-512"),
  SHA3_224("sha3-224", 28, "SHA3-224"),
  SHA3_256("sha3-256", 32, "SHA3-256"),
  SHA3_384("sha3-384", 48, "SHA3-384"),
  SHA3_512("sha3-512", 64, "SHA3-512");

  private final String kernelName;
  private final int bytes;
  private final String jcaName;

  DigestAlgorithm(String kernelName, int bytes) {
    this(kernelName, bytes, "");
  }

  DigestAlgorithm(String kernelName, int bytes, String jcaName) {
    this.kernelName = kernelName;
    this.bytes = bytes;
    this.jcaName = jcaName;
  }

  /**
   * The algorithm of that name.
   *
   * @throws DigestUnavailableException if there is none; the message names those there are
   */
  public static DigestAlgorithm of(String kernelName) throws DigestUnavailableException {
    for (DigestAlgorithm algorithm : values()) {
      if (algorithm.kernelName.equals(kernelName)) {
        return algorithm.checked();
      }
    }
    throw new DigestUnavailableException(
        "digest %s is not available, there are %s".formatted(kernelName, names()));
  }

  /** Every JDK has these, but a security policy may take one away. */
  private DigestAlgorithm checked() throws DigestUnavailableException {
    if (!jcaName.isEmpty()) {
      try {
        MessageDigest.getInstance(jcaName);
      } catch (NoSuchAlgorithmException e) {
        throw new DigestUnavailableException(
            "digest %s is not available in this JDK: %s".formatted(kernelName, e.getMessage()));
      }
    }
    return this;
  }

  private static String names() {
    return Arrays.stream(values())
        .map(DigestAlgorithm::kernelName)
        .collect(Collectors.joining(", "));
  }

  /** Its name in configuration and on the wire. */
  public String kernelName() {
    return kernelName;
  }

  /** Size of its digest. */
  public int bytes() {
    return bytes;
  }

  /** A new instance that computes it; keep it, one for each direction. */
  public Digest create() {
    return switch (this) {
      case CRC32C -> new CrcDigest(this, new CRC32C());
      case CRC32 -> new CrcDigest(this, new KernelCrc32());
      case CRCT10DIF -> new T10DifDigest();
      default -> new JcaDigest(this, jcaName);
    };
  }
}
