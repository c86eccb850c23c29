package io.jdrbd.daemon;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.export.ExportSession;
import io.jdrbd.export.OpenRefusedException;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.resource.Node;
import io.jdrbd.resource.Volume;
import io.jdrbd.state.OpenDecision;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A volume as something that clients open; the first writer promotes, the last one demotes. */
final class VolumeExport extends OfferedVolume {
  private static final System.Logger LOG = System.getLogger(VolumeExport.class.getName());

  VolumeExport(Node node, Volume volume, EpollLoop loop) {
    super(node, volume, loop);
  }

  @Override
  public String description() {
    return "volume %d of DRBD resource %s".formatted(volume().number(), volume().resource().name());
  }

  @Override
  public CompletionStage<ExportSession> open(Access access, String client) {
    CompletableFuture<ExportSession> opened = new CompletableFuture<>();
    loop().execute(() -> open(access == Access.READ_WRITE, client, opened));
    return opened;
  }

  private void open(boolean forWriting, String client, CompletableFuture<ExportSession> opened) {
    var _ =
        node()
            .openings()
            .open(volume(), forWriting)
            .thenAccept(
                refusal ->
                    refusal.ifPresentOrElse(
                        refuse -> opened.completeExceptionally(refused(refuse, client)),
                        () -> opened.complete(new Session(forWriting))));
  }

  private OpenRefusedException refused(OpenDecision.Refuse refuse, String client) {
    LOG.log(
        System.Logger.Level.INFO, "{0}: {1} may not open it: {2}", name(), client, refuse.reason());
    return new OpenRefusedException(refuse.errno(), name() + ": " + refuse.reason());
  }

  private final class Session implements ExportSession {
    private final boolean forWriting;

    Session(boolean forWriting) {
      this.forWriting = forWriting;
    }

    @Override
    public BlockDisk disk() {
      return volume().disk();
    }

    @Override
    public void close() {
      node().openings().close(volume(), forWriting);
    }
  }
}
