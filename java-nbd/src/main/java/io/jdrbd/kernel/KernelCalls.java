package io.jdrbd.kernel;

import io.jdrbd.kernel.libc.KernelException;
import io.jdrbd.loop.Loop;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * A thread on which the kernel may take its time, so that the loop need not wait: commands to the
 * NBD client, {@code open} of a device. Each call has a bound; what is found out after it goes to
 * an undo. The thread is not replaced when it hangs: further calls reach their bounds behind it,
 * and are made all the same, so that what they hold is given back.
 */
final class KernelCalls implements AutoCloseable {
  private final Loop loop;
  private final Duration bound;
  private final ExecutorService thread;

  /**
   * @param loop on which results arrive
   * @param bound from the call to its result
   */
  KernelCalls(Loop loop, Duration bound) {
    this.loop = loop;
    this.bound = bound;
    this.thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("jdrbd-kernel-calls").factory());
  }

  /**
   * Makes a call whose late result is of no consequence.
   *
   * @param what for the error message: {@code disconnect of /dev/nbd0}
   */
  <T> CompletionStage<T> call(String what, Callable<T> work) {
    return call(what, work, late -> {});
  }

  /**
   * Makes a call.
   *
   * @param undo takes back, on the thread, what came after the bound
   * @return completes on the loop, within the bound
   */
  <T> CompletionStage<T> call(String what, Callable<T> work, Consumer<T> undo) {
    CompletableFuture<T> result = new CompletableFuture<>();
    CompletableFuture<T> onLoop = new CompletableFuture<>();
    Loop.Timer timer =
        loop.schedule(bound.toNanos(), () -> result.completeExceptionally(timedOut(what)));
    thread.execute(() -> run(work, result, undo));
    var _ =
        result.whenComplete(
            (value, failure) ->
                loop.execute(
                    () -> {
                      timer.cancel();
                      if (failure == null) {
                        onLoop.complete(value);
                      } else {
                        onLoop.completeExceptionally(failure);
                      }
                    }));
    return onLoop;
  }

  private static <T> void run(Callable<T> work, CompletableFuture<T> result, Consumer<T> undo) {
    try {
      T value = work.call();
      if (!result.complete(value)) {
        undo.accept(value);
      }
    } catch (Exception e) {
      result.completeExceptionally(e);
    }
  }

  /** What a stage failed with, without the wrapping that stages put around it. */
  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException wrapped && wrapped.getCause() != null
        ? wrapped.getCause()
        : failure;
  }

  private KernelException timedOut(String what) {
    return new KernelException(
        KernelException.ETIMEDOUT,
        "%s: the kernel did not come back within %d s".formatted(what, bound.toSeconds()));
  }

  /** Ends the thread after the calls that were made; does not wait for it. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
