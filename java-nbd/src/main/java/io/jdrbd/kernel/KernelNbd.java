package io.jdrbd.kernel;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.export.Export;
import io.jdrbd.kernel.libc.KernelException;
import io.jdrbd.kernel.memory.MemoryHold;
import io.jdrbd.loop.Loop;
import io.jdrbd.nbd.server.NbdServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Makes volumes devices {@code /dev/nbdX} of this machine, and takes those of an earlier run over.
 * Used on the loop; nothing here blocks it, and every answer comes within a bound.
 */
public final class KernelNbd implements AutoCloseable {
  private static final Duration CALL_BOUND = Duration.ofSeconds(15);

  /** The kernel needs no time for this; a slow machine may. */
  private static final Duration DEVICE_BOUND = Duration.ofSeconds(5);

  /** Who the export's user is, in its status. */
  private static final String CLIENT = "kernel nbd";

  private final DeviceContext context;

  /**
   * @param loop of all exports that are attached
   * @param server serves the near end of each socket pair
   * @param pool of that server; locked in memory while there is a device
   * @param runDirectory of the daemon: where it notes which devices are its own
   * @param linkDirectory usually {@code /dev/drbd/by-res}
   */
  public KernelNbd(
      Loop loop, NbdServer server, BufferPool pool, Path runDirectory, Path linkDirectory) {
    this.context =
        new DeviceContext(
            loop,
            server,
            new KernelCalls(loop, CALL_BOUND),
            new NbdControl(),
            new SysBlock(Path.of("/sys/block")),
            new DeviceRecord.Store(runDirectory.resolve("kernel")),
            new DeviceLinks(linkDirectory),
            new MemoryHold(pool));
  }

  /**
   * Makes an export a device.
   *
   * @param export of the form RESOURCE/VOLUME
   * @return the device once it can be opened; else a {@link KernelException}, after which nothing
   *     is left of the attempt, or what the export refuses its opening with
   * @throws IllegalArgumentException if the export's name is not of that form
   */
  public CompletionStage<KernelDevice> attach(Export export, AttachOptions options) {
    VolumeName volume = VolumeName.parse(export.name());
    boolean readOnly = options.readOnly() || export.readOnly();
    return SharedExport.open(export, readOnly, CLIENT)
        .thenCompose(
            shared ->
                connect(volume, shared, options)
                    .whenComplete(
                        (device, failure) -> {
                          if (failure != null) {
                            shared.release();
                          }
                        }));
  }

  /**
   * Finds the device that an earlier run attached this volume to, and serves it from now on. What
   * was in flight when that run ended, the kernel sends again. The caller makes sure that nothing
   * of that run still writes to the disk: it must hold the disk locked.
   *
   * @return the device, or empty if there is none, and then nothing is left of it
   */
  public CompletionStage<Optional<KernelDevice>> takeOver(Export export) {
    VolumeName volume = VolumeName.parse(export.name());
    return context
        .calls()
        .call("look for the device of " + volume, () -> find(volume))
        .thenCompose(
            found ->
                found
                    .map(device -> takeOver(volume, export, device))
                    .orElse(CompletableFuture.completedStage(Optional.empty())));
  }

  /**
   * Removes links that do not lead to a device of the volume they name, which is what a crashed
   * daemon left behind. Those of other daemons on this machine stay. For the start of a daemon,
   * after what could be taken over was.
   */
  public CompletionStage<Void> cleanLinks() {
    return context
        .calls()
        .call(
            "clean up links",
            () -> {
              context.links().removeUnless(context.sys()::isOf);
              return Optional.empty();
            })
        .thenAccept(_ -> {});
  }

  /** Ends the thread behind; devices that are attached stay with the kernel. */
  @Override
  public void close() {
    context.calls().close();
  }

  private CompletionStage<KernelDevice> connect(
      VolumeName volume, SharedExport export, AttachOptions options) {
    DiskGeometry disk = export.disk().geometry();
    int blockBytes = options.blockBytesFor(disk.logicalBlockBytes());
    DeviceRecord deviceRecord =
        DeviceRecord.create(volume, options.connections(), blockBytes, export.readOnly());
    SocketBatch sockets;
    try {
      sockets = SocketBatch.open(options.connections(), context.server(), export);
    } catch (KernelException e) {
      return CompletableFuture.failedStage(e);
    }
    var wanted =
        new NbdMessages.Connect(
            options.index(),
            disk.sizeBytes() / blockBytes * blockBytes,
            blockBytes,
            0,
            options.deadConnectionTimeout().toSeconds(),
            ServerFlag.bits(ServerFlag.of(disk, export.readOnly(), options.connections())),
            deviceRecord.backend(),
            sockets.farFds());
    var connecting = new DeviceConnecting(context, volume, deviceRecord, options.resendInterval());
    return context
        .calls()
        .call(
            "connect " + volume,
            () -> {
              try (sockets) {
                return connecting.connect(wanted, DEVICE_BOUND);
              }
            },
            connecting::undo)
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                sockets.connections().forEach(NearEnd::close);
              }
            })
        .thenApply(
            index ->
                new KernelDevice(context, identity(volume, deviceRecord, index), export)
                    .connected(sockets.connections()));
  }

  private static DeviceIdentity identity(VolumeName volume, DeviceRecord noted, int index) {
    return new DeviceIdentity(volume, index, noted.backend(), noted.blockBytes());
  }

  private Optional<Found> find(VolumeName volume) throws IOException {
    Optional<DeviceRecord> noted = context.records().read(volume);
    if (noted.isEmpty()) {
      return Optional.empty();
    }
    OptionalInt index = context.sys().findByBackend(noted.get().backend());
    if (index.isEmpty()) {
      context.links().remove(volume);
      context.records().remove(volume);
      return Optional.empty();
    }
    context.links().point(volume, DeviceIdentity.node(index.getAsInt()));
    return Optional.of(new Found(noted.get(), index.getAsInt()));
  }

  private CompletionStage<Optional<KernelDevice>> takeOver(
      VolumeName volume, Export export, Found found) {
    DeviceIdentity identity = identity(volume, found.deviceRecord, found.index);
    return SharedExport.open(export, found.deviceRecord.readOnly(), CLIENT)
        .thenCompose(
            shared ->
                new KernelDevice(context, identity, shared)
                    .takeOver(found.deviceRecord.connections()))
        .thenApply(Optional::of);
  }

  private record Found(DeviceRecord deviceRecord, int index) {}
}
