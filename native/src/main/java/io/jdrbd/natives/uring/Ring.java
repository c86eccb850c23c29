package io.jdrbd.natives.uring;

import io.jdrbd.natives.NativeLibrary;
import io.jdrbd.natives.NativeLibraryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.LongConsumer;

/**
 * One io_uring: a queue of entries to the kernel and a queue of completions back, both in memory
 * that is shared with the kernel. The thread that opens a ring is the only one that may use it.
 * Allocates nothing after it was opened.
 *
 * <pre>
 *   nextEntry() + Sqe ──► enter() ──► kernel ──► reap(handler)
 * </pre>
 *
 * <p>{@link #fd} becomes readable when completions are there, unless the task run is deferred; then
 * only {@link #enter} brings them.
 */
public final class Ring implements AutoCloseable {
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  private final Arena arena;
  private final int fd;
  private final MemorySegment rings;
  private final MemorySegment[] entries;
  private final RingRegistration registration;

  private final int submissionMask;
  private final long submissionHeadAt;
  private final long submissionTailAt;
  private final long submissionFlagsAt;
  private final int completionMask;
  private final long completionHeadAt;
  private final long completionTailAt;
  private final long completionsAt;

  private int submissionTail;
  private int completionHead;

  private Ring(Arena arena, RingOptions options, RingMemory memory) {
    this.arena = arena;
    this.fd = memory.fd;
    this.rings = memory.rings;
    this.registration = new RingRegistration(fd);
    int entryCount = memory.param(Abi.PARAMS_SQ_ENTRIES);
    this.submissionMask = entryCount - 1;
    this.submissionHeadAt = memory.param(Abi.PARAMS_SQ_HEAD);
    this.submissionTailAt = memory.param(Abi.PARAMS_SQ_TAIL);
    this.submissionFlagsAt = memory.param(Abi.PARAMS_SQ_FLAGS);
    this.completionMask = memory.param(Abi.PARAMS_CQ_ENTRIES) - 1;
    this.completionHeadAt = memory.param(Abi.PARAMS_CQ_HEAD);
    this.completionTailAt = memory.param(Abi.PARAMS_CQ_TAIL);
    this.completionsAt = memory.param(Abi.PARAMS_CQ_CQES);
    this.entries = new MemorySegment[entryCount];
    long arrayAt = memory.param(Abi.PARAMS_SQ_ARRAY);
    for (int i = 0; i < entryCount; i++) {
      entries[i] = memory.entries.asSlice((long) i * options.entryBytes(), options.entryBytes());
      rings.set(ValueLayout.JAVA_INT, arrayAt + 4L * i, i);
    }
  }

  /**
   * Sets a ring up for the calling thread.
   *
   * @throws NativeLibraryException the JNI library cannot be loaded
   * @throws UringException the kernel refuses
   */
  @SuppressWarnings("MustBeClosedChecker") // the arena lives as long as the ring, which closes it
  public static Ring open(RingOptions options) throws NativeLibraryException, UringException {
    NativeLibrary.load();
    Arena arena = Arena.ofConfined();
    try {
      return new Ring(arena, options, RingMemory.open(arena, options));
    } catch (UringException e) {
      arena.close();
      throw e;
    }
  }

  /** The ring's file, for poll and epoll. */
  public int fd() {
    return fd;
  }

  /** Files, buffers and what else the kernel can be told in advance. */
  public RingRegistration registration() {
    return registration;
  }

  /** How many entries can be prepared before the next {@link #enter}. */
  public int free() {
    return entries.length - queued();
  }

  /** How many prepared entries the kernel has not taken yet. */
  public int queued() {
    return submissionTail - (int) INT.getAcquire(rings, submissionHeadAt);
  }

  /**
   * The next entry, zeroed, for {@link Sqe} to fill. It is submitted with the next {@link #enter}.
   *
   * @throws IllegalStateException none is {@link #free}
   */
  public MemorySegment nextEntry() {
    if (free() == 0) {
      throw new IllegalStateException("all %d entries are queued".formatted(entries.length));
    }
    MemorySegment entry = entries[submissionTail & submissionMask];
    submissionTail++;
    return entry.fill((byte) 0);
  }

  /**
   * Takes back the entries that the kernel has not taken: their requests never started.
   *
   * @param withdrawn receives the user data of each, oldest first; prepares no entries
   */
  public void withdrawQueued(LongConsumer withdrawn) {
    int end = submissionTail;
    submissionTail = (int) INT.getAcquire(rings, submissionHeadAt);
    INT.setRelease(rings, submissionTailAt, submissionTail);
    for (int entry = submissionTail; entry != end; entry++) {
      withdrawn.accept(Sqe.userData(entries[entry & submissionMask]));
    }
  }

  /**
   * Gives the kernel what is queued and lets it finish deferred completions.
   *
   * @param minComplete waits until so many completions are there; 0 does not wait
   * @return how many entries the kernel took; if it is not all, enter again
   * @throws UringException it took none; with {@code EAGAIN}, {@code EBUSY} or {@code EINTR} it may
   *     take them later
   */
  public int enter(int minComplete) throws UringException {
    INT.setRelease(rings, submissionTailAt, submissionTail);
    return UringException.check(
        "io_uring_enter", SystemCalls.enter(fd, queued(), minComplete, Abi.ENTER_GETEVENTS));
  }

  /** Whether the kernel holds completions back until the next {@link #enter}. */
  public boolean completionsHeldBack() {
    int flags = (int) INT.getAcquire(rings, submissionFlagsAt);
    return (flags & (Abi.SQ_CQ_OVERFLOW | Abi.SQ_TASKRUN)) != 0;
  }

  /**
   * Hands over the completions that are there now.
   *
   * @return how many
   */
  public int reap(CompletionHandler handler) {
    int first = completionHead;
    int tail = (int) INT.getAcquire(rings, completionTailAt);
    while (completionHead - tail < 0) {
      long at = completionsAt + (long) Abi.CQE_BYTES * (completionHead & completionMask);
      long userData = rings.get(ValueLayout.JAVA_LONG, at + Abi.CQE_USER_DATA);
      int result = rings.get(ValueLayout.JAVA_INT, at + Abi.CQE_RESULT);
      int flags = rings.get(ValueLayout.JAVA_INT, at + Abi.CQE_FLAGS);
      completionHead++;
      INT.setRelease(rings, completionHeadAt, completionHead);
      handler.completed(userData, result, flags);
    }
    return completionHead - first;
  }

  /**
   * Ends the ring. Whoever closes it has seen the completions of all that read or write memory: the
   * kernel may otherwise still be at it.
   */
  @Override
  public void close() {
    arena.close();
    SystemCalls.close(fd);
  }
}
