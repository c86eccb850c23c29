package io.jdrbd.sim;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.disk.RequestRules;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A drive as one life of a node sees it: its completions arrive on that node's loop, or nowhere.
 */
final class OpenDrive implements BlockDisk {
  private final SimWorld world;
  private final SimDrive drive;
  private final NodeLoop loop;
  private final long delayMaxNs;
  private int inFlight;
  private boolean closed;
  private Runnable whenIdle = () -> {};

  OpenDrive(SimWorld world, SimDrive drive, NodeLoop loop, long delayMaxNs) {
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
    return "simulated " + drive.medium().description();
  }

  /** What lies on it. */
  SimMedium medium() {
    return drive.medium();
  }

  @Override
  public void submit(DiskRequest request) {
    if (closed) {
      throw new IllegalStateException("the drive was closed");
    }
    inFlight++;
    loop.schedule(world.random().nextLong(delayMaxNs + 1), () -> carryOut(request));
  }

  /** At a time of the drive's choice; after the end of the node's life it never comes. */
  private void carryOut(DiskRequest request) {
    Optional<DiskException> refusal =
        RequestRules.refusal(request, geometry(), description()).or(() -> fault(request));
    if (refusal.isEmpty()) {
      perform(request);
    }
    loop.execute(
        () -> {
          ended();
          refusal.ifPresentOrElse(request::fail, request::complete);
        });
  }

  private Optional<DiskException> fault(DiskRequest request) {
    return drive.fails(request)
        ? Optional.of(DiskException.of(Errno.EIO, request, description(), "a fault"))
        : Optional.empty();
  }

  private void perform(DiskRequest request) {
    SimMedium medium = drive.medium();
    switch (request.op()) {
      case READ -> medium.read(request.offsetBytes(), data(request));
      case WRITE -> {
        if (request.fua()) {
          medium.writeThrough(request.offsetBytes(), data(request));
        } else {
          medium.write(request.offsetBytes(), data(request));
        }
      }
      case DISCARD, WRITE_ZEROES -> medium.zero(request.offsetBytes(), request.lengthBytes());
      case FLUSH -> medium.flush();
    }
  }

  private static ByteBuffer data(DiskRequest request) {
    return request.buffer().nioBuffer(request.bufferOffsetBytes(), (int) request.lengthBytes());
  }

  @Override
  public void extents(long offsetBytes, long lengthBytes, Consumer<List<Extent>> answer) {
    loop.execute(() -> answer.accept(List.of(new Extent(offsetBytes, lengthBytes, false, false))));
  }

  @Override
  public void refresh(Consumer<DiskGeometry> answer) {
    loop.execute(() -> answer.accept(geometry()));
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
}
