package io.jdrbd.nbd.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** Writes the headers of replies in the transmission phase. */
public final class ReplyEncoder {
  public static final int SIMPLE_BYTES = 16;
  public static final int STRUCTURED_BYTES = 20;
  public static final int EXTENDED_BYTES = 32;

  /** No header and no error message written here is longer. */
  public static final int MAX_BYTES = 256;

  private static final int MAX_MESSAGE_CHARS = 64;
  private static final int OFFSET_FIELD_BYTES = 8;
  private static final int CONTEXT_ID_BYTES = 4;
  private static final int COUNT_BYTES = 4;

  private final ReplyMode mode;

  /**
   * @param mode what was agreed on in the handshake
   */
  public ReplyEncoder(ReplyMode mode) {
    this.mode = mode;
  }

  public ReplyMode mode() {
    return mode;
  }

  /** A reply without payload: success, or an error that needs no text. */
  public void status(ByteBuf out, NbdError error, long cookie, long requestOffsetBytes) {
    switch (mode) {
      case SIMPLE, STRUCTURED ->
          out.writeInt(NbdMagic.SIMPLE_REPLY).writeInt(error.number()).writeLong(cookie);
      case EXTENDED -> {
        if (error == NbdError.NONE) {
          chunk(out, ChunkType.FLAG_DONE, ChunkType.NONE, cookie, requestOffsetBytes, 0);
        } else {
          error(out, error, cookie, requestOffsetBytes, "");
        }
      }
    }
  }

  /**
   * The end of a chunked reply by an error. Without structured replies the text is not sent.
   *
   * @param text for people; may be empty; cut if long
   */
  public void error(
      ByteBuf out, NbdError error, long cookie, long requestOffsetBytes, String text) {
    if (!mode.chunked()) {
      status(out, error, cookie, requestOffsetBytes);
      return;
    }
    String cut = text.substring(0, Math.min(text.length(), MAX_MESSAGE_CHARS));
    int textBytes = ByteBufUtil.utf8Bytes(cut);
    chunk(
        out,
        ChunkType.FLAG_DONE,
        ChunkType.ERROR,
        cookie,
        requestOffsetBytes,
        Integer.BYTES + Short.BYTES + textBytes);
    out.writeInt(error.number()).writeShort(textBytes);
    ByteBufUtil.writeUtf8(out, cut);
  }

  /** The header of a simple reply whose data follows. */
  public void simpleData(ByteBuf out, long cookie) {
    out.writeInt(NbdMagic.SIMPLE_REPLY).writeInt(NbdError.NONE.number()).writeLong(cookie);
  }

  /**
   * The header of an {@code OFFSET_DATA} chunk whose data follows.
   *
   * @param done whether it is the last chunk of the reply
   * @param offsetBytes where the data stands in the export
   * @param lengthBytes of the data
   */
  public void dataChunk(
      ByteBuf out,
      boolean done,
      long cookie,
      long requestOffsetBytes,
      long offsetBytes,
      int lengthBytes) {
    chunk(
        out,
        done ? ChunkType.FLAG_DONE : 0,
        ChunkType.OFFSET_DATA,
        cookie,
        requestOffsetBytes,
        OFFSET_FIELD_BYTES + lengthBytes);
    out.writeLong(offsetBytes);
  }

  /**
   * The header of a block status chunk; its extents follow, by {@link #extent}.
   *
   * @param done whether it is the last chunk of the reply
   * @param contextId of the metadata context
   * @param extents how many follow
   */
  public void blockStatus(
      ByteBuf out, boolean done, long cookie, long requestOffsetBytes, int contextId, int extents) {
    int flags = done ? ChunkType.FLAG_DONE : 0;
    int payloadBytes = CONTEXT_ID_BYTES + extents * extentBytes();
    if (mode.extended()) {
      int withCount = payloadBytes + COUNT_BYTES;
      chunk(out, flags, ChunkType.BLOCK_STATUS_EXT, cookie, requestOffsetBytes, withCount);
      out.writeInt(contextId).writeInt(extents);
    } else {
      chunk(out, flags, ChunkType.BLOCK_STATUS, cookie, requestOffsetBytes, payloadBytes);
      out.writeInt(contextId);
    }
  }

  /** One extent of a block status chunk. */
  public void extent(ByteBuf out, long lengthBytes, int status) {
    if (mode.extended()) {
      out.writeLong(lengthBytes).writeLong(status);
    } else {
      out.writeInt((int) lengthBytes).writeInt(status);
    }
  }

  /** How long one extent of a block status chunk is. */
  public int extentBytes() {
    return mode.extended() ? 2 * Long.BYTES : 2 * Integer.BYTES;
  }

  private void chunk(
      ByteBuf out,
      int flags,
      ChunkType type,
      long cookie,
      long requestOffsetBytes,
      int payloadBytes) {
    out.writeInt(mode.extended() ? NbdMagic.EXTENDED_REPLY : NbdMagic.STRUCTURED_REPLY)
        .writeShort(flags)
        .writeShort(type.number())
        .writeLong(cookie);
    if (mode.extended()) {
      out.writeLong(requestOffsetBytes).writeLong(payloadBytes);
    } else {
      out.writeInt(payloadBytes);
    }
  }
}
