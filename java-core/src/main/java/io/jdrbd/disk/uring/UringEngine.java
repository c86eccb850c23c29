package io.jdrbd.disk.uring;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.Errno;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.natives.NativeLibraryException;
import io.jdrbd.natives.uring.CompletionHandler;
import io.jdrbd.natives.uring.Opcode;
import io.jdrbd.natives.uring.Ring;
import io.jdrbd.natives.uring.RingOptions;
import io.jdrbd.natives.uring.UringException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The ring of an event loop, shared by the disks of that loop. Lives as long as the loop. All
 * methods are called on the loop.
 *
 * <p>What is submitted during a turn of the loop is entered at its end, in one system call.
 * Completions are taken when the loop finds the ring readable, and right after an enter, since a
 * fast disk may be done by then. What exceeds {@value #IN_FLIGHT_MAX} in flight waits here.
 */
public final class UringEngine {
  /** More does not make a disk faster, and the completion queue has room for all of them. */
  static final int IN_FLIGHT_MAX = 256;

  private static final Logger LOG = System.getLogger(UringEngine.class.getName());

  private static final int[] OPCODES = {
    Opcode.READ, Opcode.WRITE, Opcode.READ_FIXED, Opcode.WRITE_FIXED, Opcode.FSYNC
  };

  private static final ConcurrentHashMap<EpollLoop, UringEngine> OF_LOOPS =
      new ConcurrentHashMap<>();

  private static final long OPEN_WAIT_S = 10;

  /** How long to wait when the kernel has no resources for an enter, and how often. */
  private static final long ENTER_AGAIN_NS = 1_000_000;

  private static final int ENTER_ATTEMPTS_MAX = 1_000;

  private final EpollLoop loop;
  private final Ring ring;
  private final EpollLoop.Watch watch;
  private final RegisteredMemory registered;

  /** Kept because the kernel writes into its memory. */
  private final BufferPool pool;

  private final RingTransfer[] inFlight = new RingTransfer[IN_FLIGHT_MAX];
  private final int[] freeSlots = new int[IN_FLIGHT_MAX];
  private int freeCount = IN_FLIGHT_MAX;
  private final ArrayDeque<RingTransfer> waiting = new ArrayDeque<>();

  private final Runnable enter = this::enter;
  private final CompletionHandler completed = this::completed;
  private boolean enterScheduled;
  private boolean entering;
  private int enterAttempts;

  private UringEngine(EpollLoop loop, Ring ring, BufferPool pool) {
    this.loop = loop;
    this.ring = ring;
    this.pool = pool;
    this.registered = register(ring, pool);
    for (int slot = 0; slot < IN_FLIGHT_MAX; slot++) {
      freeSlots[slot] = IN_FLIGHT_MAX - 1 - slot;
    }
    this.watch = loop.watch(ring.fd(), this::readable, this::close);
  }

  /**
   * The ring of a loop; the first call sets it up, which takes some milliseconds, as the pool's
   * memory is pinned. On the loop, or on another thread that waits for the loop to do it.
   *
   * @param pool whose memory is registered with the kernel; that of other pools works too, a little
   *     slower
   * @throws UringUnavailableException there can be none
   */
  public static UringEngine of(EpollLoop loop, BufferPool pool) throws UringUnavailableException {
    UringEngine known = OF_LOOPS.get(loop);
    if (known != null) {
      return known;
    }
    return loop.inLoop() ? open(loop, pool) : openFromElsewhere(loop, pool);
  }

  private static UringEngine openFromElsewhere(EpollLoop loop, BufferPool pool)
      throws UringUnavailableException {
    CompletableFuture<UringEngine> opened = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            opened.complete(of(loop, pool));
          } catch (UringUnavailableException e) {
            opened.completeExceptionally(e);
          }
        });
    try {
      return opened.get(OPEN_WAIT_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new UringUnavailableException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new UringUnavailableException("the event loop does not answer", e);
    }
  }

  private static UringEngine open(EpollLoop loop, BufferPool pool)
      throws UringUnavailableException {
    try {
      UringEngine engine = new UringEngine(loop, openRing(), pool);
      OF_LOOPS.put(loop, engine);
      return engine;
    } catch (NativeLibraryException e) {
      throw new UringUnavailableException(e.getMessage(), e);
    } catch (UringException e) {
      throw new UringUnavailableException(RefusalReason.of(e), e);
    }
  }

  private static Ring openRing()
      throws NativeLibraryException, UringException, UringUnavailableException {
    Ring ring = Ring.open(RingOptions.ofEntries(IN_FLIGHT_MAX));
    try {
      if (!ring.registration().supports(OPCODES)) {
        throw new UringUnavailableException(
            "this kernel (Linux %s) lacks operations that are needed, of Linux 5.6"
                .formatted(System.getProperty("os.version")));
      }
      return ring;
    } catch (UringException | UringUnavailableException e) {
      ring.close();
      throw e;
    }
  }

  private static RegisteredMemory register(Ring ring, BufferPool pool) {
    try {
      ring.registration().buffer(pool.address(), pool.capacityBytes());
      return new RegisteredMemory(pool.address(), pool.capacityBytes());
    } catch (UringException e) {
      LOG.log(
          Level.INFO,
          "io_uring: buffers of {0} MiB are not registered, which costs a little speed: {1}; raise"
              + " the limit on locked memory (ulimit -l) to change that",
          pool.capacityBytes() >> 20,
          e.getMessage());
      return RegisteredMemory.NONE;
    }
  }

  EpollLoop loop() {
    return loop;
  }

  /** Starts the next step of a transfer; its completion never arrives inside this call. */
  void submit(RingTransfer transfer) {
    if (freeCount == 0) {
      waiting.add(transfer);
    } else {
      prepare(transfer);
    }
  }

  private void prepare(RingTransfer transfer) {
    int slot = freeSlots[--freeCount];
    inFlight[slot] = transfer;
    transfer.prepare(ring.nextEntry(), slot, registered);
    scheduleEnter();
  }

  /**
   * What is submitted while completions are handed over waits for the next turn, so that a disk
   * that completes at once cannot keep the loop from its sockets.
   */
  private void scheduleEnter() {
    if (!enterScheduled) {
      enterScheduled = true;
      if (entering) {
        loop.execute(enter);
      } else {
        loop.executeAtEndOfTurn(enter);
      }
    }
  }

  private void enter() {
    enterScheduled = false;
    entering = true;
    try {
      ring.enter(0);
      enterAttempts = 0;
      if (ring.queued() > 0) {
        scheduleEnter();
      }
    } catch (UringException e) {
      enterFailed(e);
    }
    ring.reap(completed);
    entering = false;
  }

  private void enterFailed(UringException e) {
    boolean mayPass =
        switch (Errno.of(e.errno())) {
          case EAGAIN, EBUSY, EINTR, ENOMEM -> ++enterAttempts < ENTER_ATTEMPTS_MAX;
          default -> false;
        };
    if (mayPass) {
      enterScheduled = true;
      loop.schedule(ENTER_AGAIN_NS, enter);
    } else {
      enterAttempts = 0;
      LOG.log(Level.ERROR, "io_uring: {0} requests fail: {1}", ring.queued(), e.getMessage());
      ring.withdrawQueued(slot -> completed(slot, -e.errno(), 0));
    }
  }

  private void readable() {
    if (ring.completionsHeldBack()) {
      enter();
    } else {
      ring.reap(completed);
    }
  }

  private void completed(long userData, int result, int flags) {
    int slot = (int) userData;
    RingTransfer transfer = inFlight[slot];
    freeSlots[freeCount++] = slot;
    try {
      transfer.completed(result);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the end of a disk request failed; this is a bug", e);
    }
    if (freeCount > 0 && !waiting.isEmpty()) {
      prepare(waiting.remove());
    }
  }

  /**
   * With the loop. A ring with requests in flight stays until the process ends: the kernel may
   * still write into their buffers.
   */
  private void close() {
    OF_LOOPS.remove(loop);
    if (freeCount == IN_FLIGHT_MAX) {
      watch.cancel();
      ring.close();
    } else {
      LOG.log(
          Level.WARNING,
          "io_uring: {0} requests are in flight on buffers of {1} MiB as the loop ends",
          IN_FLIGHT_MAX - freeCount,
          pool.capacityBytes() >> 20);
    }
  }
}
