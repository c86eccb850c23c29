package io.jdrbd.buffer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Netty's side of a connection that reads straight into buffers of its own: Netty asks it which
 * buffer to read into, and whether to read once more. Used on the connection's loop.
 */
public final class ReadTarget implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {
  /** So that other connections have their turn, too. */
  private static final int READS_PER_TURN = 16;

  private final Source buffers;
  private ChannelConfig config;
  private int reads;
  private int attemptedBytes;
  private int lastBytes;

  /** Says which buffer is next. */
  @FunctionalInterface
  public interface Source {
    /**
     * The buffer that the socket's next bytes are to go to.
     *
     * @param allocator of the connection
     * @return with a reference for Netty, and writable
     */
    ByteBuf next(ByteBufAllocator allocator);
  }

  /**
   * @param buffers where they go
   */
  public ReadTarget(Source buffers) {
    this.buffers = buffers;
  }

  /** This itself: it is for one connection. */
  @Override
  public ExtendedHandle newHandle() {
    return this;
  }

  @Override
  public ByteBuf allocate(ByteBufAllocator allocator) {
    return buffers.next(allocator);
  }

  /** Never used: the source knows. */
  @Override
  public int guess() {
    return 1;
  }

  @Override
  public void reset(ChannelConfig channel) {
    config = channel;
    reads = 0;
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
