package io.jdrbd.cluster;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.filter.FilterDisk;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the flushes that reach a disk. */
final class FlushCounter extends FilterDisk {
  private final AtomicInteger flushes = new AtomicInteger();

  FlushCounter(BlockDisk inner) {
    super(inner);
  }

  int flushes() {
    return flushes.get();
  }

  @Override
  public void submit(DiskRequest request) {
    if (request.op() == DiskRequest.Op.FLUSH) {
      flushes.incrementAndGet();
    }
    super.submit(request);
  }
}
