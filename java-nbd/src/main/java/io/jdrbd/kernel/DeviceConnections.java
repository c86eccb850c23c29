package io.jdrbd.kernel;

import io.jdrbd.kernel.libc.KernelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The sockets between the kernel and this process for one device. One that ends is replaced, but
 * only when nothing that came through it is in flight any more: the kernel sends again what it did
 * not get an answer to, and the first copy must not reach the disk after the second. Used on the
 * loop.
 */
final class DeviceConnections {
  private static final Duration DELAY_MIN = Duration.ofMillis(50);
  private static final Duration DELAY_MAX = Duration.ofSeconds(5);

  /** A connection that lived so long was a good one. */
  private static final Duration GOOD_LIFE = Duration.ofSeconds(30);

  private static final System.Logger LOG = System.getLogger(DeviceConnections.class.getName());

  private final DeviceContext context;
  private final DeviceIdentity device;
  private final SharedExport export;
  private final Consumer<KernelException> onGone;
  private final List<NearEnd> open = new ArrayList<>();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private boolean replacing = true;
  private boolean stopped;
  private int missing;
  private Duration delay = DELAY_MIN;
  private long replacedAtNs;

  /**
   * @param onGone is told when the kernel does not know the device as connected any more
   */
  DeviceConnections(
      DeviceContext context,
      DeviceIdentity device,
      SharedExport export,
      Consumer<KernelException> onGone) {
    this.context = context;
    this.device = device;
    this.export = export;
    this.onGone = onGone;
    this.replacedAtNs = context.loop().nanoTime();
  }

  /** Looks after connections that the kernel has. */
  void add(List<NearEnd> fresh) {
    open.addAll(fresh);
    for (NearEnd connection : fresh) {
      connection.closed().whenComplete((_, _) -> closed(connection));
    }
  }

  /**
   * Gives the kernel new sockets. Those that it does not take, because it has not noticed yet that
   * the old ones are dead, end by themselves, and then it is tried again.
   */
  CompletionStage<Void> replace(int count) {
    SocketBatch sockets;
    try {
      sockets = SocketBatch.open(count, context.server(), export);
    } catch (KernelException e) {
      return CompletableFuture.failedStage(e);
    }
    replacedAtNs = context.loop().nanoTime();
    add(sockets.connections());
    return context
        .calls()
        .call(
            "reconfigure of " + device.node(),
            () -> {
              try (sockets) {
                context.control().newSockets(device.index(), device.backend(), sockets.farFds());
                return device;
              }
            })
        .thenAccept(_ -> {});
  }

  /** Replaces no more until {@link #resume}. */
  void pause() {
    replacing = false;
  }

  /** Replaces again, what ended in between too. */
  void resume() {
    replacing = true;
    replaceMissing();
  }

  /** Ends all; done when nothing that came through them is in flight. */
  CompletionStage<Void> stop() {
    replacing = false;
    stopped = true;
    List.copyOf(open).forEach(NearEnd::close);
    completeIfDrained();
    return drained;
  }

  private void closed(NearEnd connection) {
    open.remove(connection);
    missing++;
    completeIfDrained();
    if (!replacing) {
      return;
    }
    long livedNs = context.loop().nanoTime() - replacedAtNs;
    if (livedNs > GOOD_LIFE.toNanos()) {
      delay = DELAY_MIN;
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "{0}: {1} lost its connection to the kernel; the next attempt is in {2} ms",
        device.volume(),
        device.node(),
        delay.toMillis());
    context.loop().schedule(delay.toNanos(), this::replaceMissing);
    Duration doubled = delay.multipliedBy(2);
    delay = doubled.compareTo(DELAY_MAX) < 0 ? doubled : DELAY_MAX;
  }

  private void replaceMissing() {
    if (!replacing || missing == 0) {
      return;
    }
    int count = missing;
    missing = 0;
    replace(count)
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                replaceFailed(failure);
              }
            });
  }

  private void replaceFailed(Throwable failure) {
    LOG.log(System.Logger.Level.WARNING, "{0}: {1}", device.volume(), failure.getMessage());
    if (KernelCalls.cause(failure) instanceof KernelException e
        && e.errno() == KernelException.EINVAL
        && replacing) {
      onGone.accept(e);
    }
  }

  private void completeIfDrained() {
    if (stopped && open.isEmpty()) {
      drained.complete(null);
    }
  }
}
