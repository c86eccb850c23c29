package io.jdrbd.metadata.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * One 4096-byte block of the activity log, as it is on disk. Coded in place, so that writing a
 * transaction allocates nothing.
 */
public final class AlBlock {
  /** Size on disk. */
  public static final int BYTES = Sectors.BLOCK_BYTES;

  static final int MAGIC_VALUE = 0x69cb65a2;
  static final int TYPE_UPDATE = 0;
  static final int TYPE_INITIALISED = 0xffff;

  private static final int MAGIC = 0x000;
  private static final int NUMBER = 0x004;
  private static final int CHECKSUM = 0x008;
  private static final int TYPE = 0x00c;
  private static final int UPDATES = 0x00e;
  private static final int CONTEXT_SIZE = 0x010;
  private static final int CONTEXT_START = 0x012;
  private static final int UPDATE_SLOT = 0x024;
  private static final int UPDATE_EXTENT = 0x0a4;
  private static final int CONTEXT = 0x1a4;

  private static final byte[] CRC_PREFIX = {-1, -1, -1, -1};

  private final ByteBuffer block;

  /**
   * @param memory {@link #BYTES} bytes from index 0 on; they are used in place
   */
  public AlBlock(ByteBuffer memory) {
    this.block = memory.slice(0, BYTES).order(ByteOrder.BIG_ENDIAN);
  }

  /** What the block turned out to be. */
  public enum Kind {
    /** Wrong magic or checksum: never written, torn or damaged. */
    INVALID,
    /** Valid, and says that nothing is active. */
    INITIALISED,
    /** A transaction. */
    UPDATE
  }

  /** Makes this an empty block, as create-md and apply-al write it. */
  public void initialise() {
    block.put(0, new byte[BYTES]);
    block.putInt(MAGIC, MAGIC_VALUE);
    block.putShort(TYPE, (short) TYPE_INITIALISED);
    seal();
  }

  /**
   * Makes this a transaction without updates and with an empty context.
   *
   * @param number unsigned, wraps
   * @param contextSize slots of the active set
   * @param contextStart the first slot that the context will describe
   */
  public void begin(int number, int contextSize, int contextStart) {
    for (int at = 0; at < UPDATE_SLOT; at += Integer.BYTES) {
      block.putInt(at, 0);
    }
    for (int at = UPDATE_SLOT; at < BYTES; at += Integer.BYTES) {
      block.putInt(at, Extents.FREE);
    }
    block.putInt(MAGIC, MAGIC_VALUE);
    block.putInt(NUMBER, number);
    block.putShort(CONTEXT_SIZE, (short) contextSize);
    block.putShort(CONTEXT_START, (short) contextStart);
  }

  /** Adds "this slot now holds that extent"; at most 64 times. */
  public void addUpdate(int slot, int extent) {
    int count = updates();
    if (count == AlGeometry.UPDATES_PER_TRANSACTION) {
      throw new IllegalStateException("a transaction has room for %d updates".formatted(count));
    }
    block.putShort(UPDATE_SLOT + count * Short.BYTES, (short) slot);
    block.putInt(UPDATE_EXTENT + count * Integer.BYTES, extent);
    block.putShort(UPDATES, (short) (count + 1));
  }

  /**
   * Says what a slot held before this transaction.
   *
   * @param index 0 to 918, counted from the context's start
   */
  public void putContext(int index, int extent) {
    block.putInt(CONTEXT + index * Integer.BYTES, extent);
  }

  /** Computes the checksum; the last step before writing. */
  public void seal() {
    block.putInt(CHECKSUM, 0);
    block.putInt(CHECKSUM, checksum(block));
  }

  /** Checks magic and checksum. */
  public Kind kind() {
    if (block.getInt(MAGIC) != MAGIC_VALUE) {
      return Kind.INVALID;
    }
    int stored = block.getInt(CHECKSUM);
    block.putInt(CHECKSUM, 0);
    int computed = checksum(block);
    block.putInt(CHECKSUM, stored);
    if (stored != computed) {
      return Kind.INVALID;
    }
    return type() == TYPE_INITIALISED ? Kind.INITIALISED : Kind.UPDATE;
  }

  /** The transaction's number, unsigned. */
  public int number() {
    return block.getInt(NUMBER);
  }

  /** How many updates the transaction has. */
  public int updates() {
    return Short.toUnsignedInt(block.getShort(UPDATES));
  }

  /** Slots of the active set. */
  public int contextSize() {
    return Short.toUnsignedInt(block.getShort(CONTEXT_SIZE));
  }

  /** The first slot that the context describes. */
  public int contextStart() {
    return Short.toUnsignedInt(block.getShort(CONTEXT_START));
  }

  /** The slot of an update, 0 to 63; 0xffff where unused. */
  public int updateSlot(int index) {
    return Short.toUnsignedInt(block.getShort(UPDATE_SLOT + index * Short.BYTES));
  }

  /** The extent of an update, or {@link Extents#FREE}. */
  public int updateExtent(int index) {
    return block.getInt(UPDATE_EXTENT + index * Integer.BYTES);
  }

  /** What the context says of its slot {@code contextStart() + index}. */
  public int context(int index) {
    return block.getInt(CONTEXT + index * Integer.BYTES);
  }

  private int type() {
    return Short.toUnsignedInt(block.getShort(TYPE));
  }

  /**
   * CRC-32C that starts with 0 and is not inverted. Four bytes of ones in front take the usual
   * start value to 0; the complement undoes the usual inversion.
   */
  static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(CRC_PREFIX);
    crc.update(bytes.duplicate().clear());
    return ~(int) crc.getValue();
  }
}
