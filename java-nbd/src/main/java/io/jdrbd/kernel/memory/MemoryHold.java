package io.jdrbd.kernel.memory;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.kernel.libc.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the process in memory for as long as somebody holds: all that it has mapped is found and
 * locked, what it maps later is locked as it is touched, and the kernel's killer for lack of memory
 * spares it. Blocks for as long as it takes to find the pages. May be called on any thread.
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
   * The future is locked on fault only: the JVM reserves address space that it never touches, and
   * every thread a stack of which it uses a little. Without the right to lock without limit the
   * future is left alone, because past the limit every later mapping of the JVM would fail.
   */
  private void lock(List<String> missing) {
    try {
      if (LockLimit.isUnlimited()) {
        SystemCalls.mlockall(MCL_CURRENT);
        SystemCalls.mlockall(MCL_FUTURE | MCL_ONFAULT);
        return;
      }
      missing.add("heap not locked (needs CAP_IPC_LOCK or ulimit -l unlimited)");
      SystemCalls.mlock(pool.address(), pool.capacityBytes());
    } catch (IOException e) {
      missing.add("buffers not locked (%s)".formatted(e.getMessage()));
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
