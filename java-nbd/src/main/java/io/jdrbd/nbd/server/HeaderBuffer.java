package io.jdrbd.nbd.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.util.ArrayDeque;

/**
 * A small buffer for the headers of replies. When the socket has taken it, it goes back to its
 * connection's {@link Pool}, so that replies allocate nothing in the steady state.
 */
final class HeaderBuffer extends UnpooledDirectByteBuf {
  /** Room for many simple replies, which are written as one. */
  static final int BYTES = 1024;

  private final Pool pool;

  private HeaderBuffer(Pool pool) {
    super(UnpooledByteBufAllocator.DEFAULT, BYTES, BYTES);
    this.pool = pool;
  }

  @Override
  public ByteBuf capacity(int newCapacity) {
    throw new UnsupportedOperationException("the capacity of a header buffer is fixed");
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

  /** The header buffers of one connection. Used on its loop. */
  static final class Pool {
    private final ArrayDeque<HeaderBuffer> free = new ArrayDeque<>();
    private boolean closed;

    /** An empty buffer with one reference. */
    HeaderBuffer take() {
      HeaderBuffer buffer = free.poll();
      if (buffer == null) {
        return new HeaderBuffer(this);
      }
      buffer.resetRefCnt();
      buffer.clear();
      return buffer;
    }

    /** Frees what is not in use, and later what is. */
    void close() {
      closed = true;
      free.forEach(HeaderBuffer::free);
      free.clear();
    }
  }
}
