package io.jdrbd.natives.uring;

/** Receives the completions of a ring. */
@FunctionalInterface
public interface CompletionHandler {
  /**
   * Called for one completion, on the ring's thread. May prepare new entries and enter the ring.
   *
   * @param userData what the entry carried
   * @param result what the operation answers: a negative error number if it failed
   * @param flags the completion's {@code IORING_CQE_F_} flags
   */
  void completed(long userData, int result, int flags);
}
