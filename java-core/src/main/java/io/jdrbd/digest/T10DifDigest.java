package io.jdrbd.digest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The 16-bit CRC of T10 DIF: polynomial 0x8bb7, initial value 0, most significant bit first. */
final class T10DifDigest implements Digest {
  private static final int POLYNOMIAL = 0x8bb7;
  private static final char[] TABLE = table();

  private int crc;

  @Override
  public DigestAlgorithm algorithm() {
    return DigestAlgorithm.CRCT10DIF;
  }

  @Override
  public void update(ByteBuffer data) {
    int next = crc;
    while (data.hasRemaining()) {
      next = ((next << 8) ^ TABLE[((next >>> 8) ^ data.get()) & 0xff]) & 0xffff;
    }
    crc = next;
  }

  @Override
  public void finish(ByteBuffer out) {
    short value = (short) crc;
    out.putShort(out.order() == ByteOrder.LITTLE_ENDIAN ? value : Short.reverseBytes(value));
    crc = 0;
  }

  private static char[] table() {
    char[] table = new char[256];
    for (int i = 0; i < table.length; i++) {
      int value = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        value = (value << 1) ^ ((value & 0x8000) != 0 ? POLYNOMIAL : 0);
      }
      table[i] = (char) value;
    }
    return table;
  }
}
