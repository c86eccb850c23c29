package io.jdrbd.daemon;

import io.jdrbd.control.Json;
import io.jdrbd.export.Export;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.nbd.server.ExportRegistry;
import io.jdrbd.resource.Node;
import io.jdrbd.resource.Volume;
import io.jdrbd.state.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How volumes are reached: by the NBD server's sockets and as block devices. Used on the node's
 * loop.
 */
final class Offers {
  private final Node node;
  private final EpollLoop loop;
  private final ExportRegistry registry;
  private final Devices devices;
  private final List<String> addresses = new ArrayList<>();

  Offers(Node node, EpollLoop loop, ExportRegistry registry, Devices devices) {
    this.node = node;
    this.loop = loop;
    this.registry = registry;
    this.devices = devices;
  }

  /** From now on exports can be reached there, too: {@code nbd+unix:///%s?socket=/path}. */
  void reachableAt(String uriFormat) {
    addresses.add(uriFormat);
  }

  /**
   * Offers a volume that has a disk, unless it is offered already.
   *
   * @return what the person should know although it is offered; empty for nothing
   */
  CompletionStage<String> offer(Volume volume, DeviceWish wish) {
    if (isOffered(volume)) {
      return CompletableFuture.completedStage("");
    }
    registry.add(new VolumeExport(node, volume, loop));
    return devices.show(volume, wish);
  }

  /** Looks whether a block device that was used still is. */
  CompletionStage<Boolean> settle(Volume volume) {
    return devices.settle(volume);
  }

  /**
   * Offers a volume no longer; clients that still use it are hung up on.
   *
   * @param force although it is in use
   */
  CompletionStage<Verdict> withdraw(Volume volume, boolean force) {
    if (!isOffered(volume)) {
      return CompletableFuture.completedStage(Verdict.passed("is not offered"));
    }
    return devices
        .remove(volume, force)
        .thenCompose(
            removed ->
                removed.ok()
                    ? registry.remove(volume.name()).thenApply(ended -> removed)
                    : CompletableFuture.completedStage(removed));
  }

  private boolean isOffered(Volume volume) {
    return registry.exports().stream().anyMatch(export -> export.name().equals(volume.name()));
  }

  Json.Obj asJson() {
    return Json.Obj.empty()
        .with("exports", new Json.Array(registry.exports().stream().map(this::asJson).toList()));
  }

  private Json asJson(Export export) {
    List<Json> uris =
        addresses.stream()
            .<Json>map(format -> new Json.Text(format.replace("%s", export.name())))
            .toList();
    return Json.Obj.empty()
        .with("name", export.name())
        .with("size-bytes", size(export.name()))
        .with("device", devices.path(export.name()))
        .with("clients", registry.clients(export.name()).size())
        .with("uris", new Json.Array(uris));
  }

  private long size(String name) {
    return node.resources().stream()
        .flatMap(resource -> resource.volumes().stream())
        .filter(volume -> volume.name().equals(name))
        .mapToLong(volume -> volume.disk().geometry().sizeBytes())
        .findFirst()
        .orElse(0);
  }
}
