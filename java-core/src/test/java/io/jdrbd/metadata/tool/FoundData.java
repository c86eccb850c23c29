package io.jdrbd.metadata.tool;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** What may be at the beginning of a device, as its owner writes it. */
enum FoundData {
  EXT4 {
    @Override
    void write(ByteBuffer start, long usedKib) {
      little(start)
          .putInt(0x404, (int) (usedKib / 4))
          .putInt(0x418, 2)
          .putShort(0x438, (short) 0xef53);
    }
  },
  XFS {
    @Override
    void write(ByteBuffer start, long usedKib) {
      start.put(0, bytes("XFSB")).putInt(4, 4096).putLong(8, usedKib / 4);
    }
  },
  JFS {
    @Override
    void write(ByteBuffer start, long usedKib) {
      start.put(0x8000, bytes("JFS1"));
      little(start).putLong(0x8008, usedKib / 4).putInt(0x8018, 4096);
    }
  },
  REISER {
    @Override
    void write(ByteBuffer start, long usedKib) {
      start.put(0x10034, bytes("ReIsEr2Fs"));
      little(start).putInt(0x10000, (int) (usedKib / 4)).putShort(0x1002c, (short) 4096);
    }
  },
  SWAP {
    @Override
    void write(ByteBuffer start, long usedKib) {
      start.put(4096 - 10, bytes("SWAPSPACE2"));
    }
  },
  LVM {
    @Override
    void write(ByteBuffer start, long usedKib) {
      start.put(512, bytes("LABELONE")).put(0x218, bytes("LVM2 001"));
    }
  },
  SOMETHING {
    @Override
    void write(ByteBuffer start, long usedKib) {
      byte[] data = new byte[4096];
      new Random(usedKib).nextBytes(data);
      start.put(0, data);
    }
  };

  /**
   * Puts it there.
   *
   * @param start zeroes, {@link ExistingData#LOOK_BYTES} long
   * @param usedKib how much of the device it says that it uses, if it says so
   */
  abstract void write(ByteBuffer start, long usedKib);

  /** The beginning of a device that has nothing else. */
  ByteBuffer start(long usedKib) {
    ByteBuffer start = ByteBuffer.allocate(ExistingData.LOOK_BYTES);
    write(start, usedKib);
    return start.clear();
  }

  private static ByteBuffer little(ByteBuffer start) {
    return start.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
