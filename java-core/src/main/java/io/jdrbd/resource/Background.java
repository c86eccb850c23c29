package io.jdrbd.resource;

import io.jdrbd.loop.Loop;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Work that waits for disks: runs on a thread of its own, its result arrives on the loop. */
final class Background {
  private Background() {}

  /**
   * Starts work.
   *
   * @param name of the thread, for people
   * @return completes on the loop, with what the work throws where it fails
   */
  static <T> CompletionStage<T> run(Loop loop, String name, Callable<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(
            () -> {
              try {
                T result = work.call();
                loop.execute(() -> done.complete(result));
              } catch (Exception e) {
                loop.execute(() -> done.completeExceptionally(e));
              }
            });
    return done;
  }
}
