package io.jdrbd.kernel.netlink;

import java.nio.ByteBuffer;

/**
 * The payload of a generic netlink message.
 *
 * @param command the family's command, 0 to 255
 * @param version the family's version, 0 to 255
 * @param attributes its arguments or results
 */
public record GenericMessage(int command, int version, Attributes attributes) {
  private static final int HEADER_BYTES = 4;

  /** The bytes: a header of 4, then the attributes. */
  public ByteBuffer encode() {
    ByteBuffer encoded = attributes.encode();
    return NativeBytes.allocate(HEADER_BYTES + encoded.limit())
        .put((byte) command)
        .put((byte) version)
        .putShort((short) 0)
        .put(encoded)
        .flip();
  }

  /**
   * Reads a payload.
   *
   * @throws NetlinkFormatException if it is too short or an attribute does not fit
   */
  public static GenericMessage parse(ByteBuffer bytes) throws NetlinkFormatException {
    if (bytes.limit() < HEADER_BYTES) {
      throw new NetlinkFormatException(
          "generic message of %d bytes, at least %d are needed"
              .formatted(bytes.limit(), HEADER_BYTES));
    }
    return new GenericMessage(
        Byte.toUnsignedInt(bytes.get(0)),
        Byte.toUnsignedInt(bytes.get(1)),
        Attributes.parse(NativeBytes.slice(bytes, HEADER_BYTES, bytes.limit() - HEADER_BYTES)));
  }
}
