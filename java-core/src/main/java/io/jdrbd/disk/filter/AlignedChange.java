package io.jdrbd.disk.filter;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;

/**
 * An aligned change on its way through an {@link AlignedDisk}: it shares its range with other
 * aligned changes, but not with one that rewrites a block. Used again and again.
 */
final class AlignedChange extends DiskRequest {
  private final AlignedDisk disk;
  private final RangeLock lock;
  private DiskRequest outer = this;

  private final RangeLock.Holder holder =
      new RangeLock.Holder() {
        @Override
        void granted() {
          disk.inner().submit(AlignedChange.this);
        }
      };

  AlignedChange(AlignedDisk disk, RangeLock lock) {
    this.disk = disk;
    this.lock = lock;
  }

  /**
   * Carries the request out on a range, which for a discard may be less than it asks for.
   *
   * @param offsetBytes and {@code lengthBytes}: aligned, at least one block
   */
  void start(DiskRequest request, long offsetBytes, long lengthBytes) {
    outer = request;
    if (request.op() == Op.DISCARD) {
      discard(offsetBytes, lengthBytes);
    } else {
      like(request);
    }
    lock.acquire(holder, offsetBytes, lengthBytes, false);
  }

  @Override
  public void complete() {
    DiskRequest ended = end();
    ended.complete();
  }

  @Override
  public void fail(DiskException error) {
    DiskRequest ended = end();
    ended.fail(error);
  }

  private DiskRequest end() {
    DiskRequest ended = outer;
    outer = this;
    lock.release(holder);
    disk.ended(this);
    return ended;
  }
}
