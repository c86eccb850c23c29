package io.jdrbd.digest;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Checksum;

/**
 * The kernel's "crc32": initial value 0 and no final inversion, made of the JDK's CRC-32, which has
 * both. Four bytes of ones bring the JDK's register from its initial value to 0.
 */
final class KernelCrc32 implements Checksum {
  private static final byte[] TO_ZERO = {-1, -1, -1, -1};
  private static final long INVERSION = 0xffff_ffffL;

  private final CRC32 crc = new CRC32();

  KernelCrc32() {
    crc.update(TO_ZERO);
  }

  @Override
  public void update(int b) {
    crc.update(b);
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    crc.update(bytes, offset, length);
  }

  @Override
  public void update(ByteBuffer data) {
    crc.update(data);
  }

  @Override
  public long getValue() {
    return crc.getValue() ^ INVERSION;
  }

  @Override
  public void reset() {
    crc.reset();
    crc.update(TO_ZERO);
  }
}
