package io.jdrbd.buffer;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * A fixed region of memory, cut into runs of 2^n pages. It never grows: when it is used up, callers
 * wait in the order in which they came, which is the backpressure of everything that carries
 * payload. All methods may be called on any thread.
 *
 * <p>With the system property {@code io.jdrbd.buffer.trace=true} every buffer remembers where it
 * was allocated, and {@link #leaks} tells.
 */
public final class BufferPool {
  /** The unit of allocation and the alignment of every buffer, in bytes. */
  public static final int PAGE_BYTES = 4096;

  static final BufferPool EMPTY = new BufferPool(PAGE_BYTES);

  private static final boolean TRACE = Boolean.getBoolean("io.jdrbd.buffer.trace");

  private final ByteBuffer region;
  private final BuddyPages pages;

  /** One buffer object per node, made on first use, so that the steady state allocates nothing. */
  private final PooledBuffer[] buffers;

  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
  private final IdentityHashMap<PooledBuffer, Throwable> allocatedAt = new IdentityHashMap<>();
  private int outstanding;

  /**
   * @param capacityBytes size of the region: a power of two, from {@link #PAGE_BYTES} to 1 GiB
   */
  public BufferPool(int capacityBytes) {
    this(capacityBytes, BufferPool::allocated);
  }

  /**
   * @param memory gives the region: page-aligned, of that many bytes, and nobody else's from now on
   */
  BufferPool(int capacityBytes, IntFunction<ByteBuffer> memory) {
    if (capacityBytes < PAGE_BYTES || Integer.bitCount(capacityBytes) != 1) {
      throw new IllegalArgumentException(
          "buffer pool of %d bytes: must be a power of two from %d to 2^30"
              .formatted(capacityBytes, PAGE_BYTES));
    }
    this.region = memory.apply(capacityBytes);
    this.pages = new BuddyPages(Integer.numberOfTrailingZeros(capacityBytes / PAGE_BYTES));
    this.buffers = new PooledBuffer[pages.nodes()];
  }

  static ByteBuffer allocated(int capacityBytes) {
    return ByteBuffer.allocateDirect(capacityBytes + PAGE_BYTES).alignedSlice(PAGE_BYTES);
  }

  /** Size of the region, and of the largest buffer. */
  public int capacityBytes() {
    return PAGE_BYTES << pages.maxOrder();
  }

  /** How many buffers are in use. */
  public synchronized int outstanding() {
    return outstanding;
  }

  /** Where each buffer in use was allocated; empty unless tracing is on. */
  public synchronized List<Throwable> leaks() {
    return new ArrayList<>(allocatedAt.values());
  }

  /** The region's first byte, for registration with the kernel and for locking it in memory. */
  public long address() {
    return MemorySegment.ofBuffer(region).address();
  }

  /** Writes to every page, so that none has to be found when memory is short. */
  public synchronized void preTouch() {
    if (outstanding > 0) {
      throw new IllegalStateException(outstanding + " buffers are in use: touch the pool before");
    }
    for (int offset = 0; offset < capacityBytes(); offset += PAGE_BYTES) {
      region.put(offset, (byte) 0);
    }
  }

  /**
   * Takes a buffer if one is free and nobody waits.
   *
   * @param lengthBytes from 1 to {@link #capacityBytes}; the buffer may be longer
   */
  public synchronized Optional<PooledBuffer> tryAllocate(int lengthBytes) {
    int order = order(lengthBytes);
    return waiters.isEmpty() ? take(order) : Optional.empty();
  }

  /**
   * Takes a buffer now or as soon as one is free.
   *
   * @param lengthBytes from 1 to {@link #capacityBytes}; the buffer may be longer
   * @param executor on which {@code then} is called
   * @param then receives the buffer with one reference
   */
  public synchronized void allocate(
      int lengthBytes, Executor executor, Consumer<PooledBuffer> then) {
    waiters.add(new Waiter(order(lengthBytes), executor, then));
    serveWaiters();
  }

  synchronized void giveBack(PooledBuffer buffer) {
    pages.giveBack(buffer.node());
    outstanding--;
    if (TRACE) {
      allocatedAt.remove(buffer);
    }
    serveWaiters();
  }

  private void serveWaiters() {
    for (Waiter next = waiters.peek(); next != null; next = waiters.peek()) {
      Optional<PooledBuffer> buffer = take(next.order);
      if (buffer.isEmpty()) {
        return;
      }
      Waiter served = waiters.remove();
      served.executor.execute(() -> served.then.accept(buffer.get()));
    }
  }

  private Optional<PooledBuffer> take(int order) {
    int node = pages.take(order);
    if (node == BuddyPages.NO_NODE) {
      return Optional.empty();
    }
    outstanding++;
    PooledBuffer buffer = buffers[node];
    if (buffer == null) {
      buffer = new PooledBuffer(this, memory(node), node);
      buffers[node] = buffer;
    } else {
      buffer.reuse();
    }
    if (TRACE) {
      allocatedAt.put(buffer, new Throwable("allocated here: " + (PAGE_BYTES << order) + " bytes"));
    }
    return buffer.present();
  }

  private ByteBuffer memory(int node) {
    return region.slice(pages.firstPage(node) * PAGE_BYTES, PAGE_BYTES << pages.order(node));
  }

  private int order(int lengthBytes) {
    if (lengthBytes < 1 || lengthBytes > capacityBytes()) {
      throw new IllegalArgumentException(
          "buffer of %d bytes: must be from 1 to %d".formatted(lengthBytes, capacityBytes()));
    }
    int lastPage = (lengthBytes - 1) / PAGE_BYTES;
    return Integer.SIZE - Integer.numberOfLeadingZeros(lastPage);
  }

  private record Waiter(int order, Executor executor, Consumer<PooledBuffer> then) {}
}
