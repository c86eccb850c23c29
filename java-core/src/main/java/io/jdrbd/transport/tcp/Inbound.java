package io.jdrbd.transport.tcp;

import io.jdrbd.transport.connect.Demand;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Where a stream's bytes arrive. Small packets are read many at a time into an inbox that lives as
 * long as the stream; while bulk data is awaited, the socket reads straight into its target. Netty
 * asks for the target of each read through {@link RecvByteBufAllocator}.
 */
final class Inbound implements RecvByteBufAllocator {
  /** Of bulk data that comes packet after packet, at most this much of each is copied. */
  private static final int INBOX_BYTES = 16 << 10;

  /** Less than this is read with what follows it, which saves calls of the kernel. */
  private static final int DIRECT_BYTES_MIN = 8 << 10;

  private static final int READS_PER_TURN = 16;

  private final Target target = new Target();
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

  @Override
  public ExtendedHandle newHandle() {
    return target;
  }

  private ByteBuf next() {
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

  /** Netty's side: which buffer to read into, and whether to read once more. */
  private final class Target implements ExtendedHandle {
    private ChannelConfig config;
    private int reads;
    private int attemptedBytes;
    private int lastBytes;

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return next();
    }

    @Override
    public int guess() {
      return INBOX_BYTES;
    }

    @Override
    public void reset(ChannelConfig config) {
      this.config = config;
      this.reads = 0;
    }

    @Override
    public void incMessagesRead(int messages) {
      reads += messages;
    }

    @Override
    public void lastBytesRead(int bytes) {
      lastBytes = bytes;
    }

    @Override
    public int lastBytesRead() {
      return lastBytes;
    }

    @Override
    public void attemptedBytesRead(int bytes) {
      attemptedBytes = bytes;
    }

    @Override
    public int attemptedBytesRead() {
      return attemptedBytes;
    }

    @Override
    public boolean continueReading() {
      return config.isAutoRead() && reads < READS_PER_TURN && lastBytes == attemptedBytes;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
      return config.isAutoRead() && reads < READS_PER_TURN && maybeMoreData.get();
    }

    @Override
    public void readComplete() {}
  }
}
