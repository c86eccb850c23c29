package io.jdrbd.natives.uring;

/**
 * What a ring is to be.
 *
 * @param entries how many entries can wait for one enter: a power of two from 1 to 32768
 * @param completionEntries how many completions fit: a power of two, not less than {@code entries}.
 *     More in flight is safe (the kernel keeps what does not fit) but slow.
 * @param wideEntries entries of 128 bytes, for commands of drivers such as ublk
 * @param taskRun when the kernel finishes completions; a kernel that does not know the choice gets
 *     the next one
 */
public record RingOptions(
    int entries, int completionEntries, boolean wideEntries, TaskRun taskRun) {

  /** When the kernel does the last part of a completion, which must run on the ring's thread. */
  public enum TaskRun {
    /**
     * In the ring's own enter only (Linux 6.1): for a thread that waits there. The ring's file does
     * not become readable, so this is not for a thread that waits in epoll.
     */
    DEFERRED,
    /**
     * Whenever the thread enters the kernel anyway (Linux 5.19): for a thread with an epoll loop.
     */
    COOPERATIVE,
    /** At once, if need be by interrupting the thread. */
    IMMEDIATE
  }

  public RingOptions {
    if (Integer.bitCount(entries) != 1 || entries < 1 || entries > 32_768) {
      throw new IllegalArgumentException(
          "ring of %d entries: must be a power of two from 1 to 32768".formatted(entries));
    }
    if (Integer.bitCount(completionEntries) != 1 || completionEntries < entries) {
      throw new IllegalArgumentException(
          "ring of %d completions: must be a power of two, not less than its %d entries"
              .formatted(completionEntries, entries));
    }
  }

  /** A ring for an epoll loop: ordinary entries, twice as many completions. */
  public static RingOptions ofEntries(int entries) {
    return new RingOptions(entries, 2 * entries, false, TaskRun.COOPERATIVE);
  }

  int entryBytes() {
    return wideEntries ? 2 * Sqe.BYTES : Sqe.BYTES;
  }

  int setupFlags(TaskRun taskRun) {
    int flags = Abi.SETUP_CQSIZE | (wideEntries ? Abi.SETUP_SQE128 : 0);
    return switch (taskRun) {
      case DEFERRED ->
          flags
              | Abi.SETUP_SUBMIT_ALL
              | Abi.SETUP_SINGLE_ISSUER
              | Abi.SETUP_DEFER_TASKRUN
              | Abi.SETUP_TASKRUN_FLAG;
      case COOPERATIVE ->
          flags | Abi.SETUP_SUBMIT_ALL | Abi.SETUP_COOP_TASKRUN | Abi.SETUP_TASKRUN_FLAG;
      case IMMEDIATE -> flags;
    };
  }
}
