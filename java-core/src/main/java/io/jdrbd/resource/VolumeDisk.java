package io.jdrbd.resource;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.loop.Loop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A volume as applications use it: sends requests on to the disk below while there is one with
 * current data, and counts. Outlives the disk: requests that come after a detach fail.
 *
 * <p>Changes can be held back: while the superblock does not say yet that this node is Primary, and
 * while a new generation is being written.
 */
final class VolumeDisk implements BlockDisk {
  private static final System.Logger LOG = System.getLogger(VolumeDisk.class.getName());
  private static final DiskGeometry NOTHING = new DiskGeometry(0, 512, 512, 0, false, false);

  private final String name;
  private final Loop loop;
  private final BiConsumer<DiskRequest.Op, DiskException> failed;
  private final ArrayDeque<VolumeRequest> idle = new ArrayDeque<>();
  private final ArrayDeque<DiskRequest> heldBack = new ArrayDeque<>();
  private List<Runnable> whenUnchanging = new ArrayList<>();
  private Optional<BlockDisk> below = Optional.empty();
  private DiskGeometry geometry = NOTHING;
  private String refusal = "";
  private Optional<Runnable> beforeNextChange = Optional.empty();
  private Runnable whenResized = () -> {};
  private int holds;
  private long readBytes;
  private long writtenBytes;
  private int pending;
  private int changing;

  /**
   * @param name resource and volume, for logs and errors
   * @param failed is told of every request that the disk below could not carry out
   */
  VolumeDisk(String name, Loop loop, BiConsumer<DiskRequest.Op, DiskException> failed) {
    this.name = name;
    this.loop = loop;
    this.failed = failed;
  }

  /** From now on requests go to this disk. */
  void use(BlockDisk disk) {
    replace(disk);
    countAnew();
  }

  /** Counters of payload begin at 0. */
  void countAnew() {
    readBytes = 0;
    writtenBytes = 0;
  }

  /** Requests go to this disk instead of the one before; counters go on. */
  void replace(BlockDisk disk) {
    below = Optional.of(disk);
    lookAtSize();
  }

  /** Calls back from now on, instead of another, when the size has changed. */
  void whenResized(Runnable then) {
    whenResized = then;
  }

  /** The disk below may have another size now. */
  void lookAtSize() {
    if (below.isEmpty()) {
      return;
    }
    long beforeBytes = geometry.sizeBytes();
    geometry = below.get().geometry();
    if (geometry.sizeBytes() != beforeBytes) {
      LOG.log(
          System.Logger.Level.INFO,
          "{0}: size {1} -> {2} bytes",
          name,
          Long.toString(beforeBytes),
          Long.toString(geometry.sizeBytes()));
      whenResized.run();
    }
  }

  /** From now on requests fail; the geometry stays known to those who still have it open. */
  void useNothing() {
    below = Optional.empty();
    beforeNextChange = Optional.empty();
    failHeldBack();
  }

  /**
   * Lets all requests fail, or ends that.
   *
   * @param reason why; empty lets them pass
   */
  void refuse(String reason) {
    refusal = reason;
    if (!reason.isEmpty()) {
      failHeldBack();
    }
  }

  /** Holds changes back until as many calls of {@link #release}. */
  void hold() {
    holds++;
  }

  /** Ends a {@link #hold}. */
  void release() {
    holds--;
    while (holds == 0 && !heldBack.isEmpty()) {
      submit(heldBack.remove());
    }
  }

  /** Has something done before the next change; it may {@link #hold}. */
  void beforeNextChange(Runnable work) {
    beforeNextChange = Optional.of(work);
  }

  /** Forgets what was to be done before the next change. */
  void nothingBeforeNextChange() {
    beforeNextChange = Optional.empty();
  }

  /** Calls back once, on the loop, when no change is in flight to the disk below. */
  void whenUnchanging(Runnable then) {
    whenUnchanging.add(then);
    tellUnchanging();
  }

  private void tellUnchanging() {
    if (changing == 0 && !whenUnchanging.isEmpty()) {
      List<Runnable> told = whenUnchanging;
      whenUnchanging = new ArrayList<>();
      told.forEach(loop::execute);
    }
  }

  /** Counters, without those of the metadata. */
  VolumeStatistics statistics() {
    return VolumeStatistics.none()
        .withTransfers(
            below.isPresent() ? geometry.sizeBytes() : 0, readBytes, writtenBytes, pending);
  }

  @Override
  public DiskGeometry geometry() {
    return geometry;
  }

  @Override
  public String description() {
    return below.map(disk -> name + " on " + disk.description()).orElse(name + " without disk");
  }

  @Override
  public void submit(DiskRequest request) {
    if (!refusal.isEmpty() || below.isEmpty()) {
      refuse(request);
      return;
    }
    if (request.op().changes()) {
      Optional<Runnable> work = beforeNextChange;
      beforeNextChange = Optional.empty();
      work.ifPresent(Runnable::run);
      if (holds > 0) {
        heldBack.add(request);
        return;
      }
      changing++;
    }
    VolumeRequest carrier = idle.poll();
    if (carrier == null) {
      carrier = new VolumeRequest(this);
    }
    pending++;
    below.get().submit(carrier.carry(request));
  }

  private void failHeldBack() {
    while (!heldBack.isEmpty()) {
      refuse(heldBack.remove());
    }
  }

  private void refuse(DiskRequest request) {
    DiskException error =
        new DiskException(
            Errno.EIO,
            request.op().text(),
            refusal.isEmpty() ? description() : name + " (" + refusal + ")",
            request.offsetBytes(),
            request.lengthBytes());
    loop.execute(() -> request.fail(error));
  }

  /** The disk below has done what was asked. */
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

  /** The disk below could not do it. */
  DiskRequest failed(VolumeRequest carrier, DiskException error) {
    DiskRequest application = release(carrier);
    if (error.errno() != Errno.EOPNOTSUPP) {
      LOG.log(System.Logger.Level.ERROR, "{0}: {1}", name, error.getMessage());
      failed.accept(application.op(), error);
    }
    return application;
  }

  private DiskRequest release(VolumeRequest carrier) {
    DiskRequest application = carrier.application();
    pending--;
    idle.push(carrier);
    if (application.op().changes()) {
      changing--;
      tellUnchanging();
    }
    return application;
  }

  @Override
  public void extents(long offsetBytes, long lengthBytes, Consumer<List<Extent>> answer) {
    below.ifPresentOrElse(
        disk -> disk.extents(offsetBytes, lengthBytes, answer),
        () ->
            loop.execute(
                () -> answer.accept(List.of(new Extent(offsetBytes, lengthBytes, false, false)))));
  }

  @Override
  public void refresh(Consumer<DiskGeometry> answer) {
    below.ifPresentOrElse(
        disk ->
            disk.refresh(
                ignored -> {
                  lookAtSize();
                  answer.accept(geometry);
                }),
        () -> loop.execute(() -> answer.accept(geometry)));
  }

  /** Does nothing but answer: the volume, not its user, decides when the disk is closed. */
  @Override
  public void close(Runnable closed) {
    loop.execute(closed);
  }
}
