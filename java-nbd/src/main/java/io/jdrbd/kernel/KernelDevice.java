package io.jdrbd.kernel;

import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.kernel.libc.Fd;
import io.jdrbd.kernel.libc.KernelException;
import io.jdrbd.kernel.libc.SystemCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A volume that is {@code /dev/nbdX}. Used on the loop.
 *
 * <p>A connection that ends while the device is attached is replaced; if the kernel says that the
 * device is not connected any more, somebody else has disconnected it, and it has ended.
 */
public final class KernelDevice {
  private static final Duration SIZE_BOUND = Duration.ofSeconds(5);

  private static final System.Logger LOG = System.getLogger(KernelDevice.class.getName());

  private enum State {
    /** Served; to DETACHING when asked, to ENDED when left or when the kernel lost it. */
    ATTACHED,
    /** The kernel was asked to let it go; to ENDED, or back to ATTACHED if it refuses. */
    DETACHING,
    /** No longer served by this process; stays so. */
    ENDED
  }

  private final DeviceContext context;
  private final DeviceIdentity identity;
  private final SharedExport export;
  private final DeviceConnections connections;
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private State state = State.ATTACHED;

  KernelDevice(DeviceContext context, DeviceIdentity identity, SharedExport export) {
    this.context = context;
    this.identity = identity;
    this.export = export;
    this.connections = new DeviceConnections(context, identity, export, this::gone);
  }

  /** X in {@code /dev/nbdX}. */
  public int index() {
    return identity.index();
  }

  /** {@code /dev/nbdX}. */
  public Path node() {
    return identity.node();
  }

  /** {@code /dev/drbd/by-res/RESOURCE/VOLUME}. */
  public Path link() {
    return context.links().path(identity.volume());
  }

  /**
   * Done when this process serves the device no more, and nothing that came through it is in
   * flight; with the reason, for people.
   */
  public CompletionStage<String> ended() {
    return ended;
  }

  /**
   * Whether somebody has claimed the device (a mounted file system, swap, device mapper), or waits
   * for an answer of it. A program that merely has it open is not seen: the kernel tells nobody.
   * While this looks, for some microseconds, others cannot claim it.
   */
  public CompletionStage<Boolean> inUse() {
    return context
        .calls()
        .call("open of " + node(), () -> context.sys().inFlight(index()) > 0 || claimed());
  }

  /**
   * Makes the device as large as the export is now. The kernel tells those who use it.
   *
   * @return the new size in bytes
   */
  public CompletionStage<Long> resize() {
    return state == State.ATTACHED ? announceSize(export.disk().geometry()) : notAttached();
  }

  /**
   * Takes the device away unless it is {@link #inUse}.
   *
   * @return done when nothing of it is in flight; else a {@link KernelException}, with EBUSY if it
   *     is in use, and it stays attached
   */
  public CompletionStage<Void> detach() {
    return detach(
        () -> {
          try (Fd _ = SystemCalls.openExclusive(node().toString())) {
            disconnect();
          } catch (KernelException e) {
            throw e.errno() == KernelException.EBUSY ? busy(e) : e;
          }
          dropPartitions();
          return node();
        });
  }

  /** As {@link #detach}, but even if it is in use: its users see I/O errors from now on. */
  public CompletionStage<Void> detachForcibly() {
    return detach(this::disconnect);
  }

  /**
   * Ends serving it but leaves the device with the kernel, for the next run to take over: for a
   * restart while it is mounted. Its users wait, as long as the dead connection timeout allows.
   *
   * @return done when nothing of it is in flight
   */
  public CompletionStage<Void> leave() {
    return state == State.ATTACHED ? end("left for the next run") : notAttached();
  }

  KernelDevice connected(List<NearEnd> fresh) {
    connections.add(fresh);
    LOG.log(System.Logger.Level.INFO, "{0}: attached as {1}", identity.volume(), node());
    return this;
  }

  /** Gives the kernel new sockets in place of those of an earlier run. */
  CompletionStage<KernelDevice> takeOver(int connectionCount) {
    return context
        .calls()
        .call(
            "lock memory",
            () -> {
              context.memory().hold();
              return node();
            })
        .thenCompose(_ -> connections.replace(connectionCount))
        .thenCompose(_ -> announceSize(export.disk().geometry()))
        .whenComplete(
            (_, failure) -> {
              if (failure == null) {
                LOG.log(System.Logger.Level.INFO, "{0}: took {1} over", identity.volume(), node());
              } else {
                end("could not be taken over");
              }
            })
        .thenApply(_ -> this);
  }

  private CompletionStage<Long> announceSize(DiskGeometry disk) {
    long sizeBytes = disk.sizeBytes() / identity.blockBytes() * identity.blockBytes();
    return context
        .calls()
        .call(
            "size of " + node(),
            () -> {
              if (context.sys().sizeBytes(index()).filter(now -> now == sizeBytes).isEmpty()) {
                context
                    .control()
                    .newSize(index(), identity.backend(), sizeBytes, identity.blockBytes());
                context.sys().awaitSize(index(), node(), sizeBytes, SIZE_BOUND);
              }
              return sizeBytes;
            });
  }

  private CompletionStage<Void> detach(Callable<Path> work) {
    if (state != State.ATTACHED) {
      return notAttached();
    }
    state = State.DETACHING;
    connections.pause();
    return context
        .calls()
        .call("disconnect of " + node(), work)
        .whenComplete((_, failure) -> stayIf(failure != null))
        .thenCompose(_ -> end("detached"));
  }

  private void stayIf(boolean refused) {
    if (refused) {
      state = State.ATTACHED;
      connections.resume();
    }
  }

  private CompletionStage<Void> end(String reason) {
    state = State.ENDED;
    LOG.log(System.Logger.Level.INFO, "{0}: {1} {2}", identity.volume(), node(), reason);
    return connections
        .stop()
        .thenAccept(
            _ -> {
              export.release();
              releaseMemory();
              ended.complete(reason);
            });
  }

  private void gone(KernelException reason) {
    if (state != State.ATTACHED) {
      return;
    }
    end("was disconnected by somebody else: " + reason.getMessage());
    context
        .calls()
        .call("clean up after " + node(), this::forget)
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: {1}",
                    identity.volume(),
                    failure.getMessage());
              }
            });
  }

  /** Partitions of a device that is connected no more stay until somebody opens it. */
  private void dropPartitions() {
    try (Fd device = SystemCalls.openExclusive(node().toString())) {
      LOG.log(System.Logger.Level.DEBUG, "{0}: opened as {1}", node(), device.number());
    } catch (KernelException e) {
      LOG.log(System.Logger.Level.INFO, "{0}: partitions may stay: {1}", node(), e.getMessage());
    }
  }

  private void releaseMemory() {
    var _ =
        context
            .calls()
            .call(
                "unlock memory",
                () -> {
                  context.memory().release();
                  return node();
                });
  }

  private boolean claimed() throws KernelException {
    try (Fd _ = SystemCalls.openExclusive(node().toString())) {
      return false;
    } catch (KernelException e) {
      if (e.errno() == KernelException.EBUSY) {
        return true;
      }
      throw e;
    }
  }

  private Path disconnect() throws IOException {
    if (context.sys().backend(index()).filter(identity.backend()::equals).isPresent()) {
      context.control().disconnect(index());
    }
    return forget();
  }

  private Path forget() throws IOException {
    context.links().remove(identity.volume());
    context.records().remove(identity.volume());
    return node();
  }

  private KernelException busy(KernelException cause) {
    return new KernelException(
        KernelException.EBUSY,
        "%s (%s) is in use: unmount it, or end what is stacked upon it"
            .formatted(node(), identity.volume()),
        cause);
  }

  private <T> CompletionStage<T> notAttached() {
    return CompletableFuture.failedStage(
        new KernelException(
            KernelException.EINVAL,
            "%s (%s) is not attached: it is %s".formatted(node(), identity.volume(), state)));
  }
}
