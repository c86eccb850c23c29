package io.jdrbd.digest;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The kernel's hmac(x), with which nodes prove that they know the shared secret (spec 1.7). Not
 * safe for threads.
 */
public final class Hmac {
  private static final Map<String, String> JCA_NAMES = jcaNames();

  private final Mac mac;

  private Hmac(Mac mac) {
    this.mac = mac;
  }

  /**
   * An HMAC.
   *
   * @param hashName the value of cram-hmac-alg: the kernel's name of the hash, without "hmac()"
   * @param secret bytes of shared-secret; none is an empty key
   * @throws DigestUnavailableException if there is no such one; the message names those there are
   */
  public static Hmac of(String hashName, byte[] secret) throws DigestUnavailableException {
    String jcaName = JCA_NAMES.get(hashName);
    if (jcaName == null) {
      throw new DigestUnavailableException(
          "hmac(%s) is not available, there are hmac() of %s"
              .formatted(hashName, String.join(", ", JCA_NAMES.keySet())));
    }
    try {
      Mac mac = Mac.getInstance(jcaName);
      // A key is filled up with zeroes, so a zero is an empty key; the JDK refuses one of no bytes.
      mac.init(new SecretKeySpec(secret.length == 0 ? new byte[1] : secret, jcaName));
      return new Hmac(mac);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new DigestUnavailableException(
          "hmac(%s) is not available in this JDK: %s".formatted(hashName, e.getMessage()));
    }
  }

  /** Size of its result. */
  public int bytes() {
    return mac.getMacLength();
  }

  /** The HMAC of these bytes, one behind the other. */
  public byte[] of(byte[]... parts) {
    for (byte[] part : parts) {
      mac.update(part);
    }
    return mac.doFinal();
  }

  private static Map<String, String> jcaNames() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("md5", "HmacMD5");
    names.put("sha1", "HmacSHA1");
    names.put("sha224", "HmacSHA224");
    names.put("sha256", "HmacSHA256");
    names.put("sha384", "HmacSHA384");
    names.put("sha512", "HmacSHA512");
    names.put("sha3-224", "HmacSHA3-224");
    names.put("sha3-256", "HmacSHA3-256");
    names.put("sha3-384", "HmacSHA3-384");
    names.put("sha3-512", "HmacSHA3-512");
    return names;
  }
}
