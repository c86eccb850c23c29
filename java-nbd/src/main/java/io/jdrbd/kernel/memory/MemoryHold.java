package io.jdrbd.kernel.memory;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.kernel.libc.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the process in memory for as long as somebody holds: the pages of the buffer pool are found
 * and locked, all others are locked as they are, or become, touched, and the kernel's killer for
 * lack of memory spares the process. Blocks for as long as it takes to find the pages. May be
 * called on any thread.
 */
public final class MemoryHold {
  private static final int MCL_CURRENT = 1;
  private static final int MCL_FUTURE = 2;
  private static final int MCL_ONFAULT = 4;

  private static final int OOM_SCORE_NEVER = -1000;
  private static final Path OOM_SCORE = Path.of("/proc/self/oom_score_adj");

  private static final System.Logger LOG = System.getLogger(MemoryHold.class.getName());

  private final BufferPool pool;
  private int holders;
  private int oomScoreBefore;

  /**
   * @param pool the payload memory, which is locked even where not all memory can be
   */
  public MemoryHold(BufferPool pool) {
    this.pool = pool;
  }

  /**
   * Begins to hold if nobody did. Writes one line to the log, which names what could not be had.
   */
  public synchronized void hold() {
    holders++;
    if (holders > 1) {
      return;
    }
    List<String> missing = new ArrayList<>();
    if (!IoFlusher.isMarked()) {
      missing.add("no I/O flusher (needs CAP_SYS_RESOURCE and Linux 5.6)");
    }
    lock(missing);
    spare(missing);
    if (missing.isEmpty()) {
      LOG.log(System.Logger.Level.INFO, "memory is locked for /dev/nbdX");
    } else {
      LOG.log(
          System.Logger.Level.WARNING,
          "a mounted /dev/nbdX may stall when memory is short: {0}",
          String.join("; ", missing));
    }
  }

  /** Lets go when the last holder does. */
  public synchronized void release() {
    if (holders == 0) {
      throw new IllegalStateException("memory is not held");
    }
    holders--;
    if (holders > 0) {
      return;
    }
    try {
      SystemCalls.munlockall();
      Files.writeString(OOM_SCORE, oomScoreBefore + "\n");
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "memory stays locked: {0}", e.getMessage());
    }
  }

  /**
   * On fault, because the JVM reserves far more than it touches: the rest of the heap, stacks, the
   * whole file of its classes. Without the right to lock without limit only the pool is locked:
   * past the limit, every later mapping of the JVM would fail.
   */
  private void lock(List<String> missing) {
    try {
      SystemCalls.mlock(pool.address(), pool.capacityBytes());
      if (LockLimit.isUnlimited()) {
        SystemCalls.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
      } else {
        missing.add("only buffers are locked (needs CAP_IPC_LOCK or ulimit -l unlimited)");
      }
    } catch (IOException e) {
      missing.add("memory is not locked (%s)".formatted(e.getMessage()));
    }
  }

  private void spare(List<String> missing) {
    try {
      oomScoreBefore = Integer.parseInt(Files.readString(OOM_SCORE).strip());
      Files.writeString(OOM_SCORE, OOM_SCORE_NEVER + "\n");
    } catch (IOException e) {
      missing.add("may be killed when memory is out (%s)".formatted(e.getMessage()));
    }
  }
}
