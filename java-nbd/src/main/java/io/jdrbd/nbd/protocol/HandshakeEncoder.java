package io.jdrbd.nbd.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes the server's messages of the handshake. */
public final class HandshakeEncoder {
  private static final int EXPORT_NAME_PADDING_BYTES = 124;
  private static final int EXPORT_INFO_BYTES = 12;
  private static final int BLOCK_SIZE_INFO_BYTES = 14;

  private HandshakeEncoder() {}

  /** The server's first message. */
  public static void greeting(ByteBuf out) {
    out.writeLong(NbdMagic.GREETING).writeLong(NbdMagic.OPTION).writeShort(HandshakeFlag.ALL);
  }

  /** An answer without data. */
  public static void reply(ByteBuf out, int option, OptionReply reply) {
    header(out, option, reply, 0);
  }

  /** An answer with a text for people: an error's reason. */
  public static void reply(ByteBuf out, int option, OptionReply reply, String text) {
    byte[] bytes = utf8(text);
    header(out, option, reply, bytes.length);
    out.writeBytes(bytes);
  }

  /** One export of a list. */
  public static void server(ByteBuf out, int option, String name, String description) {
    byte[] nameBytes = utf8(name);
    byte[] descriptionBytes = utf8(description);
    header(
        out,
        option,
        OptionReply.SERVER,
        Integer.BYTES + nameBytes.length + descriptionBytes.length);
    out.writeInt(nameBytes.length).writeBytes(nameBytes).writeBytes(descriptionBytes);
  }

  /** One metadata context and the number by which block status names it. */
  public static void metaContext(ByteBuf out, int option, int contextId, String name) {
    byte[] bytes = utf8(name);
    header(out, option, OptionReply.META_CONTEXT, Integer.BYTES + bytes.length);
    out.writeInt(contextId).writeBytes(bytes);
  }

  /** Size and flags of an export. */
  public static void exportInfo(ByteBuf out, int option, ExportInfo info) {
    header(out, option, OptionReply.INFO, EXPORT_INFO_BYTES);
    out.writeShort(InfoType.EXPORT.number())
        .writeLong(info.sizeBytes())
        .writeShort(info.flagsField());
  }

  /** Block sizes of an export. */
  public static void blockSizeInfo(ByteBuf out, int option, ExportInfo info) {
    header(out, option, OptionReply.INFO, BLOCK_SIZE_INFO_BYTES);
    out.writeShort(InfoType.BLOCK_SIZE.number())
        .writeInt(info.minBlockBytes())
        .writeInt(info.preferredBlockBytes())
        .writeInt(info.maxBlockBytes());
  }

  /**
   * Name or description of an export.
   *
   * @param type {@link InfoType#NAME} or {@link InfoType#DESCRIPTION}
   */
  public static void textInfo(ByteBuf out, int option, InfoType type, String text) {
    byte[] bytes = utf8(text);
    header(out, option, OptionReply.INFO, Short.BYTES + bytes.length);
    out.writeShort(type.number()).writeBytes(bytes);
  }

  /** The whole answer to EXPORT_NAME, which has no header. */
  public static void exportNameReply(ByteBuf out, ExportInfo info, boolean noZeroes) {
    out.writeLong(info.sizeBytes()).writeShort(info.flagsField());
    if (!noZeroes) {
      out.writeZero(EXPORT_NAME_PADDING_BYTES);
    }
  }

  private static void header(ByteBuf out, int option, OptionReply reply, int lengthBytes) {
    out.writeLong(NbdMagic.OPTION_REPLY)
        .writeInt(option)
        .writeInt(reply.number())
        .writeInt(lengthBytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
