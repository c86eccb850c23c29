package io.jdrbd.buffer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.util.ArrayDeque;

/**
 * A small buffer for what leaves by a socket beside payload. When the socket has taken it, it goes
 * back to its {@link Pool}, so that sending allocates nothing in the steady state.
 */
public final class ReusedBuffer extends UnpooledDirectByteBuf {
  private final Pool pool;

  private ReusedBuffer(Pool pool) {
    super(UnpooledByteBufAllocator.DEFAULT, pool.capacityBytes, pool.capacityBytes);
    this.pool = pool;
  }

  @Override
  public ByteBuf capacity(int newCapacity) {
    throw new UnsupportedOperationException("the capacity of a reused buffer is fixed");
  }

  @Override
  protected void deallocate() {
    if (pool.closed) {
      super.deallocate();
    } else {
      pool.free.push(this);
    }
  }

  private void free() {
    super.deallocate();
  }

  /** The buffers of one connection, all of one capacity. Used on its loop. */
  public static final class Pool {
    private final ArrayDeque<ReusedBuffer> free = new ArrayDeque<>();
    private final int capacityBytes;
    private boolean closed;

    /**
     * @param capacityBytes of each buffer
     */
    public Pool(int capacityBytes) {
      this.capacityBytes = capacityBytes;
    }

    /** An empty buffer with one reference. */
    public ReusedBuffer take() {
      ReusedBuffer buffer = free.poll();
      if (buffer == null) {
        return new ReusedBuffer(this);
      }
      buffer.resetRefCnt();
      buffer.clear();
      return buffer;
    }

    /** Frees what is not in use, and later what is. */
    public void close() {
      closed = true;
      free.forEach(ReusedBuffer::free);
      free.clear();
    }
  }
}
