package io.jdrbd.metadata.attached;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.disk.filter.FilterDisk;
import io.jdrbd.loop.Loop;
import java.util.ArrayDeque;

/**
 * A disk that can be left while others still send requests to it: counts what is on its way, takes
 * nothing more from a moment on, and tells when all has come back. A flush is let through until the
 * disk is closed, for whoever has promised that something is durable.
 */
final class LeavableDisk extends FilterDisk {
  private final Loop loop;
  private final ArrayDeque<Passage> idle = new ArrayDeque<>();
  private final ArrayDeque<Runnable> whenEmpty = new ArrayDeque<>();
  private int inFlight;
  private boolean left;
  private boolean ended;

  LeavableDisk(BlockDisk inner, Loop loop) {
    super(inner);
    this.loop = loop;
  }

  /** Requests that have not come back. */
  int inFlight() {
    return inFlight;
  }

  /** Whether nothing more is taken. */
  boolean isLeft() {
    return left;
  }

  /**
   * Takes nothing more: what comes fails with {@code EBADF}.
   *
   * @param empty called on the loop, later, when all has come back
   */
  void leave(Runnable empty) {
    left = true;
    whenEmpty.add(empty);
    tellEmpty();
  }

  /**
   * The disk is to be closed: from now on a flush fails, too.
   *
   * @param empty called on the loop, later, when all has come back
   */
  void end(Runnable empty) {
    ended = true;
    leave(empty);
  }

  private void tellEmpty() {
    while (inFlight == 0 && !whenEmpty.isEmpty()) {
      loop.execute(whenEmpty.remove());
    }
  }

  @Override
  public void submit(DiskRequest request) {
    if (ended || (left && request.op() != DiskRequest.Op.FLUSH)) {
      DiskException error =
          DiskException.of(Errno.EBADF, request, description(), "the disk is being detached");
      loop.execute(() -> request.fail(error));
      return;
    }
    inFlight++;
    Passage passage = idle.isEmpty() ? new Passage() : idle.remove();
    super.submit(passage.carry(request));
  }

  /** A request on its way. Used again after its end. */
  private final class Passage extends DiskRequest {
    private DiskRequest carried = this;

    Passage carry(DiskRequest request) {
      carried = request;
      like(request);
      return this;
    }

    private DiskRequest end() {
      DiskRequest ended = carried;
      carried = this;
      idle.add(this);
      inFlight--;
      tellEmpty();
      return ended;
    }

    @Override
    public void complete() {
      end().complete();
    }

    @Override
    public void fail(DiskException error) {
      end().fail(error);
    }
  }
}
