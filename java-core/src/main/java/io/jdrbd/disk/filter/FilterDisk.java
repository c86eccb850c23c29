package io.jdrbd.disk.filter;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import java.util.List;
import java.util.function.Consumer;

/** A disk that hands everything on to another; filters override what they change. */
public abstract class FilterDisk implements BlockDisk {
  private final BlockDisk inner;

  /**
   * @param inner is used on the same loop
   */
  protected FilterDisk(BlockDisk inner) {
    this.inner = inner;
  }

  /** The disk that is filtered. */
  protected final BlockDisk inner() {
    return inner;
  }

  @Override
  public DiskGeometry geometry() {
    return inner.geometry();
  }

  @Override
  public String description() {
    return inner.description();
  }

  @Override
  public void submit(DiskRequest request) {
    inner.submit(request);
  }

  @Override
  public void extents(long offsetBytes, long lengthBytes, Consumer<List<Extent>> answer) {
    inner.extents(offsetBytes, lengthBytes, answer);
  }

  @Override
  public void refresh(Consumer<DiskGeometry> answer) {
    inner.refresh(answer);
  }

  @Override
  public void close(Runnable closed) {
    inner.close(closed);
  }
}
