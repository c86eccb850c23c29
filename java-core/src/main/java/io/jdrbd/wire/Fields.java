package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Fields that several packets have in common, each with the check that every reader needs. */
final class Fields {
  /** The byte offset of any sector below fits into 63 bits. */
  private static final long SECTORS_MAX = 1L << 54;

  /** The bound of a size that has no other. */
  static final int ANY_SIZE = Integer.MAX_VALUE;

  private static final int NODES = 32;

  private Fields() {}

  /** A sector number (8 bytes). */
  static long readSector(Command command, ByteBuf in) throws WireException {
    long sector = in.readLong();
    if (sector < 0 || sector >= SECTORS_MAX) {
      throw new WireException(
          command,
          "sector %s, must be less than %d".formatted(Long.toUnsignedString(sector), SECTORS_MAX));
    }
    return sector;
  }

  /** A number of bytes (4 bytes): whole sectors, not none, at most as many as given. */
  static int readSize(Command command, ByteBuf in, int bytesMax) throws WireException {
    long size = in.readUnsignedInt();
    if (size == 0 || size > bytesMax || size % PayloadBounds.SECTOR_BYTES != 0) {
      throw new WireException(
          command,
          "size %d, must be a multiple of %d, at least one, at most %d"
              .formatted(size, PayloadBounds.SECTOR_BYTES, bytesMax));
    }
    return (int) size;
  }

  /** A node id (4 bytes). */
  static int readNodeId(Command command, ByteBuf in) throws WireException {
    return checkNodeId(command, in.readInt());
  }

  /** A node id that was read. */
  static int checkNodeId(Command command, int nodeId) throws WireException {
    if (nodeId < 0 || nodeId >= NODES) {
      throw new WireException(
          command,
          "node id %s, must be less than %d".formatted(Integer.toUnsignedString(nodeId), NODES));
    }
    return nodeId;
  }

  /**
   * The name of an algorithm that ends with a NUL inside a field.
   *
   * @param fieldBytes size of the field; all of it is read
   */
  static String readName(Command command, ByteBuf in, int fieldBytes) throws WireException {
    int start = in.readerIndex();
    int length = in.bytesBefore(fieldBytes, (byte) 0);
    if (length < 0) {
      throw new WireException(
          command, "name of an algorithm without NUL in %d bytes".formatted(fieldBytes));
    }
    for (int i = 0; i < length; i++) {
      int letter = in.getByte(start + i);
      if (letter <= ' ' || letter > '~') {
        throw new WireException(
            command,
            "byte 0x%02x in the name of an algorithm, must be printable".formatted(letter & 0xff));
      }
    }
    String name = in.toString(start, length, StandardCharsets.US_ASCII);
    in.readerIndex(start + fieldBytes);
    return name;
  }

  /** The name, a NUL, and as many more as the field needs. */
  static void writeName(ByteBuf out, String name, int fieldBytes) {
    if (name.length() >= fieldBytes) {
      throw new IllegalArgumentException(
          "name %s is too long for %d bytes".formatted(name, fieldBytes));
    }
    out.writeCharSequence(name, StandardCharsets.US_ASCII);
    out.writeZero(fieldBytes - name.length());
  }
}
