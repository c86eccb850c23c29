package io.jdrbd.daemon;

import io.jdrbd.loop.Loop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Looks after a block device that was used and is quiet now: the kernel does not say when its last
 * user has closed it. Used on the loop.
 */
final class IdleWatch {
  /** How long a device must be without requests. */
  private static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(2);

  private final Loop loop;
  private final OnDemandExport export;
  private final Supplier<CompletionStage<Boolean>> settle;
  private Loop.Timer timer = () -> {};
  private long requestsBefore;
  private boolean stopped;

  /**
   * @param settle finds out whether the device is used, and if not, lets the volume be closed
   */
  IdleWatch(Loop loop, OnDemandExport export, Supplier<CompletionStage<Boolean>> settle) {
    this.loop = loop;
    this.export = export;
    this.settle = settle;
  }

  void start() {
    if (!stopped) {
      timer = loop.schedule(PERIOD_NS, this::look);
    }
  }

  void stop() {
    stopped = true;
    timer.cancel();
  }

  private void look() {
    boolean quiet = export.isOpen() && export.requests() == requestsBefore;
    requestsBefore = export.requests();
    CompletionStage<Boolean> settled =
        quiet ? settle.get() : CompletableFuture.completedStage(true);
    settled.thenRun(this::start);
  }
}
