package io.jdrbd.sim;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import java.util.List;
import java.util.function.Consumer;

/**
 * A drive as one life of a node sees it: its completions arrive on that node's loop, or nowhere.
 */
final class OpenDrive implements BlockDisk {
  private final SimWorld world;
  private final BlockDisk drive;
  private final NodeLoop loop;
  private final long delayMaxNs;
  private int inFlight;
  private boolean closed;
  private Runnable whenIdle = () -> {};

  OpenDrive(SimWorld world, BlockDisk drive, NodeLoop loop, long delayMaxNs) {
    this.world = world;
    this.drive = drive;
    this.loop = loop;
    this.delayMaxNs = delayMaxNs;
  }

  @Override
  public DiskGeometry geometry() {
    return drive.geometry();
  }

  @Override
  public String description() {
    return "simulated " + drive.description();
  }

  @Override
  public void submit(DiskRequest request) {
    if (closed) {
      throw new IllegalStateException("the drive was closed");
    }
    inFlight++;
    loop.schedule(
        world.random().nextLong(delayMaxNs + 1), () -> drive.submit(new AtTheDrive(request)));
  }

  @Override
  public void extents(long offsetBytes, long lengthBytes, Consumer<List<Extent>> answer) {
    drive.extents(offsetBytes, lengthBytes, extents -> loop.execute(() -> answer.accept(extents)));
  }

  @Override
  public void refresh(Consumer<DiskGeometry> answer) {
    drive.refresh(geometry -> loop.execute(() -> answer.accept(geometry)));
  }

  /** The drive itself stays in its machine. */
  @Override
  public void close(Runnable whenClosed) {
    closed = true;
    whenIdle = whenClosed;
    if (inFlight == 0) {
      loop.execute(whenIdle);
    }
  }

  private void ended() {
    inFlight--;
    if (closed && inFlight == 0) {
      loop.execute(whenIdle);
    }
  }

  /** A request on its way; after the end of its life nobody hears of it. */
  private final class AtTheDrive extends DiskRequest {
    private final DiskRequest outer;

    AtTheDrive(DiskRequest outer) {
      this.outer = outer;
      like(outer);
    }

    @Override
    public void complete() {
      loop.execute(
          () -> {
            ended();
            outer.complete();
          });
    }

    @Override
    public void fail(DiskException error) {
      loop.execute(
          () -> {
            ended();
            outer.fail(error);
          });
    }
  }
}
