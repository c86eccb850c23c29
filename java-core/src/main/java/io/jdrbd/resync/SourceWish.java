package io.jdrbd.resync;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** What a resync target wants to be told of a range (spec 6.6). */
public sealed interface SourceWish {
  /** The data. */
  SourceWish DATA = new Data();

  /** The data, or word that it reads as zeroes. */
  SourceWish THIN = new Thin();

  /** The data, unless it has this digest. */
  static SourceWish unlessEqual(byte[] digest) {
    return new UnlessEqual(digest);
  }

  /** How it is answered. */
  enum Answer {
    DATA,
    ZEROES,
    EQUAL
  }

  /**
   * How it is answered.
   *
   * @param checksum that both have agreed on
   * @param data of the range, from its start
   */
  Answer answer(Optional<BlockDigest> checksum, ByteBuf data, int lengthBytes);

  /** The data. */
  record Data() implements SourceWish {
    @Override
    public Answer answer(Optional<BlockDigest> checksum, ByteBuf data, int lengthBytes) {
      return Answer.DATA;
    }
  }

  /** The data, or word that it reads as zeroes. */
  record Thin() implements SourceWish {
    @Override
    public Answer answer(Optional<BlockDigest> checksum, ByteBuf data, int lengthBytes) {
      return isZero(data, lengthBytes) ? Answer.ZEROES : Answer.DATA;
    }

    private static boolean isZero(ByteBuf data, int lengthBytes) {
      for (int offset = 0; offset < lengthBytes; offset += Long.BYTES) {
        if (data.getLong(offset) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  /** The data, unless it has this digest. */
  final class UnlessEqual implements SourceWish {
    private final byte[] digest;

    private UnlessEqual(byte[] digest) {
      this.digest = digest.clone();
    }

    @Override
    public Answer answer(Optional<BlockDigest> checksum, ByteBuf data, int lengthBytes) {
      boolean equal = checksum.isPresent() && checksum.get().matches(digest, data, lengthBytes);
      return equal ? Answer.EQUAL : Answer.DATA;
    }
  }
}
