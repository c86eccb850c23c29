package io.jdrbd.buffer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;

/**
 * A run of pages of a {@link BufferPool}. It is a Netty buffer, so a socket reads into it and
 * writes from it; a disk uses {@link #memoryAddress} or {@link #segment}. Reference-counted: the
 * last {@link #release} gives the pages back to the pool. Its capacity is fixed; reader and writer
 * index are 0 when it leaves the pool.
 */
public final class PooledBuffer extends UnpooledDirectByteBuf {

  /** Stands for "no buffer"; has no bytes. */
  public static final PooledBuffer NONE =
      new PooledBuffer(BufferPool.EMPTY, ByteBuffer.allocateDirect(0), BuddyPages.NO_NODE);

  private static final MemorySegment ALL_MEMORY = allMemory();

  private final BufferPool pool;
  private final int node;
  private final MemorySegment segment;
  private final Optional<PooledBuffer> present;

  PooledBuffer(BufferPool pool, ByteBuffer memory, int node) {
    super(UnpooledByteBufAllocator.DEFAULT, memory, memory.capacity());
    this.pool = pool;
    this.node = node;
    this.segment = MemorySegment.ofBuffer(memory);
    this.present = Optional.of(this);
    clear();
  }

  /** The whole buffer as a memory segment, without regard to reader and writer index. */
  public MemorySegment segment() {
    return segment;
  }

  @Override
  public boolean hasMemoryAddress() {
    return true;
  }

  /** The address of the first byte; a multiple of {@link BufferPool#PAGE_BYTES}. */
  @Override
  public long memoryAddress() {
    return segment.address();
  }

  @Override
  public ByteBuf capacity(int newCapacity) {
    if (newCapacity != capacity()) {
      throw new UnsupportedOperationException("the capacity of a pooled buffer is fixed");
    }
    return this;
  }

  @SuppressWarnings(
      "restricted") // Netty's buffers tell their addresses, and their bounds are checked
  private static MemorySegment allMemory() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }

  /** As Netty's, but makes no object for the copy: what a socket has read goes this way. */
  @Override
  public ByteBuf setBytes(int index, ByteBuf source, int sourceIndex, int length) {
    if (!source.hasMemoryAddress()) {
      return super.setBytes(index, source, sourceIndex, length);
    }
    ensureAccessible();
    Objects.checkFromIndexSize(sourceIndex, length, source.capacity());
    MemorySegment.copy(ALL_MEMORY, source.memoryAddress() + sourceIndex, segment, index, length);
    return this;
  }

  Optional<PooledBuffer> present() {
    return present;
  }

  int node() {
    return node;
  }

  /** Makes a buffer that was given back ready for its next user. */
  void reuse() {
    resetRefCnt();
    clear();
  }

  /** {@link #NONE} belongs to nobody, and is given back by many threads at once. */
  private boolean isNone() {
    return node == BuddyPages.NO_NODE;
  }

  @Override
  public ByteBuf retain() {
    return isNone() ? this : super.retain();
  }

  @Override
  public ByteBuf retain(int increment) {
    return isNone() ? this : super.retain(increment);
  }

  @Override
  public boolean release() {
    return !isNone() && super.release();
  }

  @Override
  public boolean release(int decrement) {
    return !isNone() && super.release(decrement);
  }

  @Override
  protected void deallocate() {
    pool.giveBack(this);
  }
}
