package io.jdrbd.transport.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.util.ArrayDeque;

/**
 * Where small packets are gathered before they leave. When the socket has taken it, it goes back to
 * its stream's {@link Pool}, so that sending allocates nothing in the steady state.
 */
final class GatherBuffer extends UnpooledDirectByteBuf {
  /** The longest packet without bulk data (spec 1.5), so that every packet fits. */
  static final int BYTES = 4096;

  private final Pool pool;

  private GatherBuffer(Pool pool) {
    super(UnpooledByteBufAllocator.DEFAULT, BYTES, BYTES);
    this.pool = pool;
  }

  @Override
  public ByteBuf capacity(int newCapacity) {
    throw new UnsupportedOperationException("the capacity of a gather buffer is fixed");
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

  /** The gather buffers of one stream. Used on its loop. */
  static final class Pool {
    private final ArrayDeque<GatherBuffer> free = new ArrayDeque<>();
    private boolean closed;

    /** An empty buffer with one reference. */
    GatherBuffer take() {
      GatherBuffer buffer = free.poll();
      if (buffer == null) {
        return new GatherBuffer(this);
      }
      buffer.resetRefCnt();
      buffer.clear();
      return buffer;
    }

    /** Frees what is not in use, and later what is. */
    void close() {
      closed = true;
      free.forEach(GatherBuffer::free);
      free.clear();
    }
  }
}
