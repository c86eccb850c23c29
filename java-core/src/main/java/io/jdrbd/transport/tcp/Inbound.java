package io.jdrbd.transport.tcp;

import io.jdrbd.buffer.ReadTarget;
import io.jdrbd.transport.connect.Demand;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * Where a stream's bytes arrive. Small packets are read many at a time into an inbox that lives as
 * long as the stream; while bulk data is awaited, the socket reads straight into its target.
 */
final class Inbound {
  /** Of bulk data that comes packet after packet, at most this much of each is copied. */
  private static final int INBOX_BYTES = 16 << 10;

  /** Less than this is read with what follows it, which saves calls of the kernel. */
  private static final int DIRECT_BYTES_MIN = 8 << 10;

  private ByteBuf inbox;
  private ByteBuf window = Unpooled.EMPTY_BUFFER;

  Inbound(ByteBufAllocator allocator) {
    inbox = allocator.directBuffer(INBOX_BYTES);
  }

  /** What has arrived and was not taken. */
  ByteBuf inbox() {
    return inbox;
  }

  /** Lets the next bytes go straight to where they are wanted, if that is worth it. */
  void expect(Demand demand) {
    if (window.isWritable() && window.writableBytes() == demand.missingBytes()) {
      return;
    }
    ByteBuf into = demand.target();
    boolean worthIt = demand.missingBytes() >= DIRECT_BYTES_MIN && into.isWritable();
    if (!worthIt || !into.hasMemoryAddress()) {
      window = Unpooled.EMPTY_BUFFER;
      return;
    }
    int missing = (int) demand.missingBytes();
    int start = into.writerIndex();
    window =
        into.capacity() == start + missing
            ? into
            : into.slice(0, start + missing).writerIndex(start);
  }

  /** Forgets the target. */
  void expectNothing() {
    window = Unpooled.EMPTY_BUFFER;
  }

  /**
   * Takes in what Netty has read.
   *
   * @param bytes one of this object's targets; the reference is taken over
   */
  @SuppressWarnings("ReferenceEquality") // equal bytes in another buffer are another buffer
  void arrived(ByteBuf bytes, Demand demand) {
    if (bytes == window) {
      ByteBuf into = demand.target();
      int arrived = (int) (demand.missingBytes() - window.writableBytes());
      into.writerIndex(window.writerIndex());
      demand.taken(arrived);
    }
    bytes.release();
  }

  /** Frees the inbox. */
  void close() {
    window = Unpooled.EMPTY_BUFFER;
    inbox.release();
    inbox = Unpooled.EMPTY_BUFFER;
  }

  /** The buffer for the next read of the socket; see {@link ReadTarget}. */
  ByteBuf next(ByteBufAllocator unused) {
    if (window.isWritable()) {
      return window.retain();
    }
    if (inbox.isReadable()) {
      inbox.discardReadBytes();
      // Full only where nothing is asked for and the socket has ended: the rest is read then.
      inbox.ensureWritable(1);
    } else {
      inbox.clear();
    }
    return inbox.retain();
  }
}
