package io.jdrbd.buffer;

import java.nio.ByteBuffer;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A pool of a node that may die, and gives nothing back then. Its memory serves the next one: to
 * allocate and clear it anew would take longer than many a node lives. Memory is used as it was
 * left, so that whoever sends what nobody has written is found out.
 */
public final class MortalPool implements AutoCloseable {
  private static final int CAPACITY_BYTES = 4 << 20;
  private static final Deque<ByteBuffer> FREE = new ConcurrentLinkedDeque<>();

  private final ByteBuffer memory;
  private final BufferPool pool;

  /** All of it is free. */
  public MortalPool() {
    ByteBuffer used = FREE.poll();
    this.memory = used == null ? BufferPool.allocated(CAPACITY_BYTES) : used;
    this.pool = new BufferPool(CAPACITY_BYTES, size -> memory);
  }

  /** The pool; nobody may use it, or a buffer of it, after {@link #close}. */
  public BufferPool pool() {
    return pool;
  }

  @Override
  public void close() {
    FREE.push(memory);
  }
}
