package io.jdrbd.disk.filter;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.loop.Loop;

/**
 * A disk that is never told to make anything durable, because its cache survives a loss of power or
 * because somebody decided to trust it: a flush does nothing, and a write is never FUA.
 */
public final class UnflushedDisk extends FilterDisk {
  private final Loop loop;

  public UnflushedDisk(BlockDisk inner, Loop loop) {
    super(inner);
    this.loop = loop;
  }

  @Override
  public DiskGeometry geometry() {
    DiskGeometry real = inner().geometry();
    return new DiskGeometry(
        real.sizeBytes(),
        real.logicalBlockBytes(),
        real.physicalBlockBytes(),
        real.discardGranularityBytes(),
        false,
        real.zeroesFast());
  }

  @Override
  public void submit(DiskRequest request) {
    switch (request.op()) {
      case FLUSH -> loop.execute(request::complete);
      case WRITE ->
          inner()
              .submit(
                  request.write(
                      request.offsetBytes(),
                      (int) request.lengthBytes(),
                      request.buffer(),
                      request.bufferOffsetBytes(),
                      false));
      case READ, DISCARD, WRITE_ZEROES -> inner().submit(request);
    }
  }
}
