package io.jdrbd.nbd.server;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.buffer.ReusedBuffer;
import io.jdrbd.loop.Loop;
import io.jdrbd.nbd.protocol.NbdError;
import io.jdrbd.nbd.protocol.ReplyEncoder;
import io.jdrbd.nbd.protocol.ReplyMode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * Sends replies. Headers are gathered in {@link ReusedBuffer}s, data goes out as it lies in its
 * buffer, and everything that was answered in one turn of the loop leaves with one flush, which is
 * one {@code writev} as long as the socket takes it.
 */
final class ReplyWriter {
  /** Room for many simple replies, which are written as one. */
  private static final int HEADER_BYTES = 1024;

  private final ChannelHandlerContext context;
  private final Loop loop;
  private final ReplyEncoder encoder;
  private final ReusedBuffer.Pool headers = new ReusedBuffer.Pool(HEADER_BYTES);
  private final Runnable flush = this::flush;

  /** Where the next header goes; handed to the channel before data and before a flush. */
  private ReusedBuffer open;

  private boolean hasOpen;
  private boolean flushScheduled;

  ReplyWriter(ChannelHandlerContext context, Loop loop, ReplyMode mode) {
    this.context = context;
    this.loop = loop;
    this.encoder = new ReplyEncoder(mode);
    this.open = headers.take();
    this.hasOpen = true;
  }

  ReplyMode mode() {
    return encoder.mode();
  }

  /** Answers with success or an error, without data. */
  void status(NbdError error, long cookie, long requestOffsetBytes) {
    encoder.status(header(), error, cookie, requestOffsetBytes);
  }

  /** Ends a reply that consists of chunks, where these were agreed on, with an error. */
  void error(NbdError error, long cookie, long requestOffsetBytes, String text) {
    encoder.error(header(), error, cookie, requestOffsetBytes, text);
  }

  /**
   * Answers a read with all of its data, or with one chunk of it.
   *
   * @param done whether it is all, or the last
   * @param offsetBytes where the data stands in the export
   * @param data readable bytes are sent; the reference is taken over
   */
  void data(
      boolean done, long cookie, long requestOffsetBytes, long offsetBytes, PooledBuffer data) {
    if (mode().chunked()) {
      encoder.dataChunk(
          header(), done, cookie, requestOffsetBytes, offsetBytes, data.readableBytes());
    } else {
      encoder.simpleData(header(), cookie);
    }
    sendOpen();
    write(data);
  }

  /** Sends a message that was encoded elsewhere; the reference is taken over. */
  void message(ByteBuf message) {
    sendOpen();
    write(message);
    scheduleFlush();
  }

  ReplyEncoder encoder() {
    return encoder;
  }

  /** Frees what it keeps; nothing may be written any more. */
  void close() {
    if (hasOpen) {
      open.release();
      hasOpen = false;
    }
    headers.close();
  }

  /** Sends now what was written so far. */
  void flush() {
    flushScheduled = false;
    sendOpen();
    context.flush();
  }

  private ReusedBuffer header() {
    if (hasOpen && open.writableBytes() < ReplyEncoder.MAX_BYTES) {
      sendOpen();
    }
    if (!hasOpen) {
      open = headers.take();
      hasOpen = true;
    }
    scheduleFlush();
    return open;
  }

  private void sendOpen() {
    if (hasOpen && open.isReadable()) {
      write(open);
      hasOpen = false;
    }
  }

  private void scheduleFlush() {
    if (!flushScheduled) {
      flushScheduled = true;
      loop.execute(flush);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a void promise: failures reach exceptionCaught
  private void write(ByteBuf bytes) {
    context.write(bytes, context.voidPromise());
  }
}
