package io.jdrbd.kernel.memory;

import io.jdrbd.kernel.libc.KernelException;
import io.jdrbd.kernel.libc.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The kernel's "I/O flusher" mark. A thread that has it never waits for the writing of dirty pages
 * when it needs memory inside the kernel, and is not slowed down for pages that others made dirty.
 *
 * <p>The mark belongs to a thread; a new thread has it from the one that created it, and it stays
 * over {@code exec}. When Java's {@code main} begins, the JVM's own threads are there already: only
 * {@link #restartMarked} gives it to them too.
 */
public final class IoFlusher {
  private static final int PR_SET_IO_FLUSHER = 57;
  private static final int PR_GET_IO_FLUSHER = 58;

  private static final Path PROGRAM = Path.of("/proc/self/exe");
  private static final Path ARGUMENTS = Path.of("/proc/self/cmdline");

  private IoFlusher() {}

  /** Whether the calling thread has the mark; false also where the kernel will not tell. */
  public static boolean isMarked() {
    try {
      return SystemCalls.prctl(PR_GET_IO_FLUSHER, 0) == 1;
    } catch (KernelException _) {
      return false; // no CAP_SYS_RESOURCE, or a kernel before 5.6: no thread has the mark
    }
  }

  /**
   * Marks the calling thread, and so all that it creates from now on.
   *
   * @throws KernelException without CAP_SYS_RESOURCE, or with a kernel before 5.6
   */
  public static void mark() throws KernelException {
    try {
      SystemCalls.prctl(PR_SET_IO_FLUSHER, 1);
    } catch (KernelException e) {
      String advice =
          e.errno() == KernelException.EPERM
              ? "needs CAP_SYS_RESOURCE"
              : "needs Linux 5.6 or later";
      throw new KernelException(e.errno(), "no I/O flusher: " + advice, e);
    }
  }

  /**
   * Marks the calling thread and starts the same program with the same arguments anew in this
   * process, so that every thread of the JVM is born with the mark. Does not return if that
   * succeeds. Returns at once if the thread has the mark already. To be called first of all in
   * {@code main}: what the process has opened is lost, its number stays.
   *
   * @return why not, for the log; empty if the mark was there
   */
  public static Optional<String> restartMarked() {
    if (isMarked()) {
      return Optional.empty();
    }
    try {
      mark();
      String[] arguments = Files.readString(ARGUMENTS).split("\0");
      return Optional.of(SystemCalls.exec(PROGRAM.toRealPath().toString(), arguments).getMessage());
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    }
  }
}
