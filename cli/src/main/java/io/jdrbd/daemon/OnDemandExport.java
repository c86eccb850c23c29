package io.jdrbd.daemon;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.export.ExportSession;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.resource.Node;
import io.jdrbd.resource.Volume;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A volume for a block device of the kernel, which is connected for as long as the disk is
 * attached, used or not, and does not tell who opens it. So the volume counts as open from the
 * first request on, and until {@link #letGo} finds that nobody uses the device any more.
 */
final class OnDemandExport extends OfferedVolume {
  private Optional<OnDemandDisk> disk = Optional.empty();

  OnDemandExport(Node node, Volume volume, EpollLoop loop) {
    super(node, volume, loop);
  }

  @Override
  public String description() {
    return "block device of " + volume().name();
  }

  @Override
  public CompletionStage<ExportSession> open(Access access, String client) {
    OnDemandDisk opened = new OnDemandDisk(node(), volume(), loop());
    disk = Optional.of(opened);
    return CompletableFuture.completedStage(
        new ExportSession() {
          @Override
          public BlockDisk disk() {
            return opened;
          }

          @Override
          public void close() {
            opened.letGo();
          }
        });
  }

  /** Whether requests have come since the last {@link #letGo}. */
  boolean isOpen() {
    return disk.filter(OnDemandDisk::isOpen).isPresent();
  }

  /** How many requests have come so far. */
  long requests() {
    return disk.map(OnDemandDisk::requests).orElse(0L);
  }

  /** Nobody uses the device: the volume is not open by it until the next request. */
  void letGo() {
    disk.ifPresent(OnDemandDisk::letGo);
  }
}
