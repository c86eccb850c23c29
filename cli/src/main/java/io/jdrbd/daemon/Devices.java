package io.jdrbd.daemon;

import io.jdrbd.kernel.AttachOptions;
import io.jdrbd.kernel.KernelDevice;
import io.jdrbd.kernel.KernelNbd;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.resource.Node;
import io.jdrbd.resource.Volume;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The volumes that are block devices of this machine. Used on the node's loop. */
final class Devices {
  private static final System.Logger LOG = System.getLogger(Devices.class.getName());

  private final Node node;
  private final EpollLoop loop;
  private final Optional<KernelNbd> kernel;
  private final String missing;
  private final Map<String, Shown> shown = new HashMap<>();

  /**
   * @param kernel makes devices; empty if this daemon cannot have any
   * @param missing why it cannot, for people
   */
  Devices(Node node, EpollLoop loop, Optional<KernelNbd> kernel, String missing) {
    this.node = node;
    this.loop = loop;
    this.kernel = kernel;
    this.missing = missing;
  }

  /**
   * Shows a volume as a block device as far as that is wished and possible; one that an earlier run
   * of the daemon has left behind is taken over.
   *
   * @return what stands in the way of a device that was asked for by name; empty for nothing
   */
  CompletionStage<String> show(Volume volume, DeviceWish wish) {
    if (wish instanceof DeviceWish.Nothing) {
      return CompletableFuture.completedStage("");
    }
    if (kernel.isEmpty()) {
      return CompletableFuture.completedStage(notShown(volume, wish, missing));
    }
    AttachOptions options =
        wish instanceof DeviceWish.Named named
            ? AttachOptions.DEFAULTS.withDevice(named.path())
            : AttachOptions.DEFAULTS;
    OnDemandExport export = new OnDemandExport(node, volume, loop);
    return kernel
        .get()
        .takeOver(export)
        .thenCompose(
            taken ->
                taken
                    .<CompletionStage<KernelDevice>>map(CompletableFuture::completedStage)
                    .orElseGet(() -> kernel.get().attach(export, options)))
        .handle(
            (device, error) -> {
              if (error != null) {
                return notShown(volume, wish, reason(error));
              }
              note(volume, new Shown(export, device));
              return "";
            });
  }

  private void note(Volume volume, Shown device) {
    shown.put(volume.name(), device);
    IdleWatch watch = new IdleWatch(loop, device.export(), () -> settle(volume));
    watch.start();
    volume.whenResized(() -> resize(volume, device.device()));
    device
        .device()
        .ended()
        .thenAccept(
            reason -> {
              watch.stop();
              volume.whenResized(() -> {});
              shown.remove(volume.name(), device);
            });
  }

  private static void resize(Volume volume, KernelDevice device) {
    device
        .resize()
        .whenComplete(
            (bytes, error) -> {
              if (error == null) {
                LOG.log(
                    System.Logger.Level.INFO,
                    "{0}: {1} has {2} bytes",
                    volume.name(),
                    device.node(),
                    Long.toString(bytes));
              } else {
                LOG.log(
                    System.Logger.Level.WARNING,
                    "{0}: {1} keeps its size: {2}",
                    volume.name(),
                    device.node(),
                    reason(error));
              }
            });
  }

  /** Removes the names of devices that a crashed daemon left behind, where the devices are gone. */
  CompletionStage<Void> cleanUp() {
    return kernel
        .map(
            nbd ->
                nbd.cleanLinks()
                    .handle(
                        (_, error) -> {
                          if (error != null) {
                            LOG.log(System.Logger.Level.WARNING, "{0}", reason(error));
                          }
                          return true;
                        })
                    .thenAccept(_ -> {}))
        .orElse(CompletableFuture.completedStage(null));
  }

  private static String notShown(Volume volume, DeviceWish wish, String reason) {
    String text =
        "%s is no block device, only reachable by socket: %s".formatted(volume.name(), reason);
    LOG.log(System.Logger.Level.INFO, text);
    return wish instanceof DeviceWish.Named ? text : "";
  }

  /** The device that shows a volume: {@code /dev/nbd0}. */
  Optional<String> path(String volumeName) {
    return Optional.ofNullable(shown.get(volumeName))
        .map(found -> found.device().node().toString());
  }

  /** Looks whether a device that was used still is; if not, the volume is no longer open by it. */
  CompletionStage<Boolean> settle(Volume volume) {
    Optional<Shown> found =
        Optional.ofNullable(shown.get(volume.name())).filter(device -> device.export().isOpen());
    return found.map(Devices::settle).orElse(CompletableFuture.completedStage(true));
  }

  private static CompletionStage<Boolean> settle(Shown device) {
    long requestsBefore = device.export().requests();
    return device
        .device()
        .inUse()
        .exceptionally(
            error -> {
              LOG.log(System.Logger.Level.WARNING, "{0}", reason(error));
              return true;
            })
        .thenApply(
            inUse -> {
              boolean unused = !inUse && device.export().requests() == requestsBefore;
              if (unused) {
                device.export().letGo();
              }
              return unused;
            });
  }

  /**
   * Takes the device of a volume away.
   *
   * @param force although it is in use
   */
  CompletionStage<Verdict> remove(Volume volume, boolean force) {
    Optional<Shown> found = Optional.ofNullable(shown.get(volume.name()));
    if (found.isEmpty()) {
      return CompletableFuture.completedStage(Verdict.passed("is no block device"));
    }
    KernelDevice device = found.get().device();
    return (force ? device.detachForcibly() : device.detach())
        .handle(
            (detached, error) ->
                error == null
                    ? Verdict.passed(device.node() + " detached")
                    : Verdict.refused(StateError.DEVICE_IN_USE, reason(error)));
  }

  /** For the end of the daemon: takes unused devices away, leaves the others for the next run. */
  CompletionStage<Void> leave() {
    return CompletableFuture.allOf(
        List.copyOf(shown.values()).stream()
            .map(found -> leave(found.device()).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  private static CompletionStage<Void> leave(KernelDevice device) {
    return device
        .detach()
        .handle((detached, error) -> error == null)
        .thenCompose(
            detached -> detached ? CompletableFuture.completedStage(null) : device.leave());
  }

  private static String reason(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause().getMessage()
        : error.getMessage();
  }

  /** A volume and the device that shows it. */
  private record Shown(OnDemandExport export, KernelDevice device) {}
}
