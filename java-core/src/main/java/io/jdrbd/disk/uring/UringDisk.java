package io.jdrbd.disk.uring;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.disk.direct.DirectDisk;
import io.jdrbd.disk.direct.DiskFile;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A disk whose reads, writes and flushes go through the loop's ring. Everything else goes to a
 * direct engine on the same open file: in a ring it would run on a kernel thread just so, and what
 * to do where the disk cannot discard or zero is known there.
 */
public final class UringDisk implements BlockDisk {
  /** For discards, zeroes and extents only. */
  private static final int THREADS = 4;

  private final UringEngine engine;
  private final DiskFile file;
  private final DirectDisk direct;
  private final ArrayDeque<RingTransfer> spareTransfers = new ArrayDeque<>();
  private Optional<Runnable> closed = Optional.empty();
  private int inFlight;

  /**
   * @param engine of the loop on which the disk is used and completes
   * @param file the disk; closed with this
   */
  public UringDisk(UringEngine engine, DiskFile file) {
    this.engine = engine;
    this.file = file;
    this.direct = new DirectDisk(engine.loop(), file, THREADS);
  }

  @Override
  public DiskGeometry geometry() {
    return file.geometry();
  }

  @Override
  public String description() {
    return "%s (io_uring%s)".formatted(file.path(), file.direct() ? "" : ", buffered");
  }

  @Override
  public void submit(DiskRequest request) {
    switch (request.op()) {
      case READ, WRITE, FLUSH -> submitToRing(request);
      case DISCARD, WRITE_ZEROES -> direct.submit(request);
    }
  }

  private void submitToRing(DiskRequest request) {
    Optional<DiskException> refusal =
        closed.isPresent() ? Optional.of(closedError(request)) : file.refusal(request);
    if (refusal.isPresent()) {
      engine.loop().execute(() -> request.fail(refusal.get()));
      return;
    }
    inFlight++;
    engine.submit(transfer(request));
  }

  private DiskException closedError(DiskRequest request) {
    return DiskException.of(Errno.EBADF, request, file.path(), "the disk is closed");
  }

  private RingTransfer transfer(DiskRequest request) {
    RingTransfer spare = spareTransfers.poll();
    return spare == null
        ? new RingTransfer(this, file.fd(), file.path(), request)
        : spare.with(request);
  }

  /** A transfer needs another step. */
  void again(RingTransfer transfer) {
    engine.submit(transfer);
  }

  void completed(RingTransfer transfer) {
    DiskRequest request = ended(transfer);
    request.complete();
  }

  void failed(RingTransfer transfer, DiskException error) {
    DiskRequest request = ended(transfer);
    request.fail(error);
  }

  /** The ring cannot do it, but a blocking call may. */
  void handOver(RingTransfer transfer) {
    direct.submit(ended(transfer));
  }

  private DiskRequest ended(RingTransfer transfer) {
    DiskRequest request = transfer.request();
    spareTransfers.push(transfer);
    inFlight--;
    closeWhenIdle();
    return request;
  }

  @Override
  public void extents(long offsetBytes, long lengthBytes, Consumer<List<Extent>> answer) {
    direct.extents(offsetBytes, lengthBytes, answer);
  }

  @Override
  public void refresh(Consumer<DiskGeometry> answer) {
    direct.refresh(answer);
  }

  @Override
  public void close(Runnable whenClosed) {
    if (closed.isPresent()) {
      throw new IllegalStateException(file.path() + ": closed twice");
    }
    closed = Optional.of(whenClosed);
    closeWhenIdle();
  }

  private void closeWhenIdle() {
    if (inFlight == 0 && closed.isPresent()) {
      direct.close(closed.get());
    }
  }
}
