package io.jdrbd.resource;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.loop.Loop;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A volume as applications use it: sends requests on to the backing disk while there is one, and
 * counts. Outlives the disk: requests that come after a detach fail.
 */
final class VolumeDisk implements BlockDisk {
  private static final System.Logger LOG = System.getLogger(VolumeDisk.class.getName());
  private static final DiskGeometry NOTHING = new DiskGeometry(0, 512, 512, 0, false, false);

  private final String name;
  private final Loop loop;
  private final ArrayDeque<VolumeRequest> idle = new ArrayDeque<>();
  private Optional<BlockDisk> backing = Optional.empty();
  private DiskGeometry geometry = NOTHING;
  private boolean failing;
  private long readBytes;
  private long writtenBytes;
  private int pending;

  /**
   * @param name resource and volume, for logs and errors
   */
  VolumeDisk(String name, Loop loop) {
    this.name = name;
    this.loop = loop;
  }

  /** From now on requests go to this disk. */
  void use(BlockDisk disk) {
    backing = Optional.of(disk);
    geometry = disk.geometry();
    readBytes = 0;
    writtenBytes = 0;
  }

  /** From now on requests fail; the geometry stays known to those who still have it open. */
  void useNothing() {
    backing = Optional.empty();
  }

  /** Lets all requests fail, or ends that. */
  void setFailing(boolean failing) {
    this.failing = failing;
  }

  VolumeStatistics statistics() {
    return new VolumeStatistics(
        backing.isPresent() ? geometry.sizeBytes() : 0, readBytes, writtenBytes, pending, pending);
  }

  @Override
  public DiskGeometry geometry() {
    return geometry;
  }

  @Override
  public String description() {
    return backing.map(disk -> name + " on " + disk.description()).orElse(name + " without disk");
  }

  @Override
  public void submit(DiskRequest request) {
    if (failing || backing.isEmpty()) {
      DiskException error = refusal(request);
      loop.execute(() -> request.fail(error));
      return;
    }
    VolumeRequest carrier = idle.poll();
    if (carrier == null) {
      carrier = new VolumeRequest(this, request);
    }
    pending++;
    backing.get().submit(carrier.carry(request));
  }

  /** The backing disk has done what was asked. */
  DiskRequest ended(VolumeRequest carrier) {
    DiskRequest application = release(carrier);
    switch (application.op()) {
      case READ -> readBytes += application.lengthBytes();
      case WRITE -> writtenBytes += application.lengthBytes();
      case FLUSH, DISCARD, WRITE_ZEROES -> {
        // status counts payload only
      }
    }
    return application;
  }

  /** The backing disk could not do it. */
  DiskRequest failed(VolumeRequest carrier, DiskException error) {
    if (error.errno() != Errno.EOPNOTSUPP) {
      LOG.log(System.Logger.Level.ERROR, "{0}: {1}", name, error.getMessage());
    }
    return release(carrier);
  }

  private DiskRequest release(VolumeRequest carrier) {
    pending--;
    idle.push(carrier);
    return carrier.application();
  }

  private DiskException refusal(DiskRequest request) {
    return new DiskException(
        Errno.EIO,
        request.op().name().toLowerCase(Locale.ROOT),
        failing ? name + " (demoted by force)" : description(),
        request.offsetBytes(),
        request.lengthBytes());
  }

  @Override
  public void extents(long offsetBytes, long lengthBytes, Consumer<List<Extent>> answer) {
    backing.ifPresentOrElse(
        disk -> disk.extents(offsetBytes, lengthBytes, answer),
        () ->
            loop.execute(
                () -> answer.accept(List.of(new Extent(offsetBytes, lengthBytes, false, false)))));
  }

  @Override
  public void refresh(Consumer<DiskGeometry> answer) {
    backing.ifPresentOrElse(
        disk ->
            disk.refresh(
                now -> {
                  geometry = now;
                  answer.accept(now);
                }),
        () -> loop.execute(() -> answer.accept(geometry)));
  }

  /** Does nothing but answer: the volume, not its user, decides when the disk is closed. */
  @Override
  public void close(Runnable closed) {
    loop.execute(closed);
  }
}
