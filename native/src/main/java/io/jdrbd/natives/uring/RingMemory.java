package io.jdrbd.natives.uring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Sets a ring up and maps what it shares with the kernel. The mappings end with the arena. */
final class RingMemory {
  private static final int EINVAL = 22;
  private static final int ENOSYS = 38;

  final int fd;

  /** The kernel's answer: counts, flags, features and offsets. */
  final MemorySegment params;

  /** Heads, tails, flags, the submission array and the completions. */
  final MemorySegment rings;

  /** The submission entries, one after the other. */
  final MemorySegment entries;

  private RingMemory(Arena arena, RingOptions options, int fd, MemorySegment params)
      throws UringException {
    this.fd = fd;
    this.params = params;
    if ((param(Abi.PARAMS_FEATURES) & Abi.FEAT_SINGLE_MMAP) == 0
        || (param(Abi.PARAMS_FEATURES) & Abi.FEAT_NODROP) == 0) {
      throw new UringException("io_uring as of Linux 5.5", ENOSYS);
    }
    long submissionEnd = param(Abi.PARAMS_SQ_ARRAY) + 4L * param(Abi.PARAMS_SQ_ENTRIES);
    long completionEnd =
        param(Abi.PARAMS_CQ_CQES) + (long) Abi.CQE_BYTES * param(Abi.PARAMS_CQ_ENTRIES);
    this.rings = map(arena, Abi.OFF_SQ_RING, Math.max(submissionEnd, completionEnd));
    this.entries =
        map(arena, Abi.OFF_SQES, (long) options.entryBytes() * param(Abi.PARAMS_SQ_ENTRIES));
  }

  /**
   * Sets a ring up, with the best task run that the kernel knows from the asked one on.
   *
   * @throws UringException the kernel refuses, or is too old
   */
  static RingMemory open(Arena arena, RingOptions options) throws UringException {
    MemorySegment params = arena.allocate(Abi.PARAMS_BYTES, Long.BYTES);
    int fd = setup(options, params);
    try {
      return new RingMemory(arena, options, fd, params);
    } catch (UringException e) {
      SystemCalls.close(fd);
      throw e;
    }
  }

  private static int setup(RingOptions options, MemorySegment params) throws UringException {
    int result = -EINVAL;
    for (RingOptions.TaskRun taskRun : RingOptions.TaskRun.values()) {
      if (taskRun.compareTo(options.taskRun()) >= 0 && result == -EINVAL) {
        params.fill((byte) 0);
        params.set(ValueLayout.JAVA_INT, Abi.PARAMS_FLAGS, options.setupFlags(taskRun));
        params.set(ValueLayout.JAVA_INT, Abi.PARAMS_CQ_ENTRIES, options.completionEntries());
        result = SystemCalls.setup(options.entries(), params.address());
      }
    }
    return UringException.check("io_uring_setup", result);
  }

  int param(int offset) {
    return params.get(ValueLayout.JAVA_INT, offset);
  }

  private MemorySegment map(Arena arena, long offset, long lengthBytes) throws UringException {
    long address = SystemCalls.map(fd, lengthBytes, offset);
    if (address < 0) {
      throw new UringException("mmap of a ring's %d bytes".formatted(lengthBytes), (int) -address);
    }
    return MemorySegment.ofAddress(address)
        .reinterpret(lengthBytes, arena, _ -> SystemCalls.unmap(address, lengthBytes));
  }
}
