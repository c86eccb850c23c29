package io.jdrbd.kernel.netlink;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One netlink message.
 *
 * @param type what the payload is: a family's id, or one of the types below
 * @param flags {@link #REQUEST} and the like
 * @param sequence the number by which an answer is known
 * @param port who sent it; 0 is the kernel
 * @param payload what follows the header, without padding, from position 0 to the limit
 */
public record NetlinkMessage(int type, int flags, int sequence, int port, ByteBuffer payload) {
  /** Type of an error or, with error 0, of an acknowledgement. */
  public static final int TYPE_ERROR = 2;

  /** Type of the last message of several. */
  public static final int TYPE_DONE = 3;

  /** Flag: a request. */
  public static final int REQUEST = 0x01;

  /** Flag: to be acknowledged. */
  public static final int ACK = 0x04;

  /** Flag of an error: the request's payload was left out. */
  static final int CAPPED = 0x100;

  /** Flag of an error: attributes follow. */
  static final int ACK_ATTRIBUTES = 0x200;

  static final int HEADER_BYTES = 16;

  /** The bytes: a header of 16, then the payload. */
  public ByteBuffer encode() {
    return NativeBytes.allocate(HEADER_BYTES + payload.limit())
        .putInt(HEADER_BYTES + payload.limit())
        .putShort((short) type)
        .putShort((short) flags)
        .putInt(sequence)
        .putInt(port)
        .put(payload.duplicate())
        .flip();
  }

  /**
   * Reads the messages of one datagram.
   *
   * @throws NetlinkFormatException if a length does not fit
   */
  public static List<NetlinkMessage> parseAll(ByteBuffer bytes) throws NetlinkFormatException {
    List<NetlinkMessage> messages = new ArrayList<>();
    for (int start = 0; start < bytes.limit(); ) {
      int left = bytes.limit() - start;
      int length = left < HEADER_BYTES ? left : bytes.getInt(start);
      if (length < HEADER_BYTES || length > left) {
        throw new NetlinkFormatException(
            "message at %d: length %d of %d bytes".formatted(start, length, left));
      }
      messages.add(
          new NetlinkMessage(
              Short.toUnsignedInt(bytes.getShort(start + 4)),
              Short.toUnsignedInt(bytes.getShort(start + 6)),
              bytes.getInt(start + 8),
              bytes.getInt(start + 12),
              NativeBytes.slice(bytes, start + HEADER_BYTES, length - HEADER_BYTES)));
      start += NativeBytes.aligned(length);
    }
    return messages;
  }
}
