package io.jdrbd.nbd.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Strings in the data of options: 32-bit length, then UTF-8. */
final class OptionStrings {
  private static final int MAX_BYTES = 4096;

  private OptionStrings() {}

  static String read(ByteBuf data, String what) throws OptionFormatException {
    if (data.readableBytes() < Integer.BYTES) {
      throw new OptionFormatException("the length of the " + what + " is missing");
    }
    long length = data.readUnsignedInt();
    if (length > data.readableBytes()) {
      throw new OptionFormatException(
          "%s of %d bytes is announced, %d bytes follow"
              .formatted(what, length, data.readableBytes()));
    }
    return readRaw(data, (int) length, what);
  }

  static String readRaw(ByteBuf data, int length, String what) throws OptionFormatException {
    if (length > MAX_BYTES) {
      throw new OptionFormatException(
          "%s of %d bytes: at most %d are allowed".formatted(what, length, MAX_BYTES));
    }
    String text = data.readString(length, StandardCharsets.UTF_8);
    if (text.indexOf('\0') >= 0) {
      throw new OptionFormatException(what + " contains a NUL character");
    }
    return text;
  }
}
