package io.jdrbd.nbd.protocol;

/** What a chunk of a structured reply carries ({@code NBD_REPLY_TYPE_*}). */
public enum ChunkType implements WireNumber {
  NONE(0),
  OFFSET_DATA(1),
  OFFSET_HOLE(2),
  BLOCK_STATUS(5),
  BLOCK_STATUS_EXT(6),
  ERROR(0x8001),
  ERROR_OFFSET(0x8002);

  /** {@code NBD_REPLY_FLAG_DONE}: the last chunk of its reply. */
  public static final int FLAG_DONE = 1;

  private final int number;

  ChunkType(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
