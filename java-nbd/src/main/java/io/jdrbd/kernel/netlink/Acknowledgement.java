package io.jdrbd.kernel.netlink;

import java.nio.ByteBuffer;

/**
 * What the kernel says at the end of a command.
 *
 * @param errno 0 if it succeeded
 * @param text the kernel's own words (extended acknowledgement), or an empty string
 */
record Acknowledgement(int errno, String text) {
  private static final int ERROR_BYTES = 4;
  private static final int ATTRIBUTE_TEXT = 1;

  /** Reads a message of type {@link NetlinkMessage#TYPE_ERROR}. */
  static Acknowledgement parse(NetlinkMessage message) throws NetlinkFormatException {
    ByteBuffer payload = message.payload();
    int attributesAt = ERROR_BYTES + NetlinkMessage.HEADER_BYTES;
    if (payload.limit() < attributesAt) {
      throw new NetlinkFormatException(
          "error message of %d bytes, at least %d are needed"
              .formatted(payload.limit(), attributesAt));
    }
    int errno = -payload.getInt(0);
    if ((message.flags() & NetlinkMessage.ACK_ATTRIBUTES) == 0) {
      return new Acknowledgement(errno, "");
    }
    if ((message.flags() & NetlinkMessage.CAPPED) == 0) {
      int requestBytes = payload.getInt(ERROR_BYTES);
      attributesAt = ERROR_BYTES + NativeBytes.aligned(requestBytes);
    }
    if (attributesAt < 0 || attributesAt > payload.limit()) {
      throw new NetlinkFormatException(
          "error message: attributes at %d of %d bytes".formatted(attributesAt, payload.limit()));
    }
    Attributes attributes =
        Attributes.parse(NativeBytes.slice(payload, attributesAt, payload.limit() - attributesAt));
    return new Acknowledgement(errno, attributes.string(ATTRIBUTE_TEXT).orElse(""));
  }
}
