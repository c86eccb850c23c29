package io.jdrbd.disk.open;

import io.jdrbd.disk.direct.DirectDisk;
import io.jdrbd.disk.filter.FilterSpec;
import java.util.List;

/**
 * How a disk is to be opened.
 *
 * @param engine what does the work
 * @param filters around the engine, the first one nearest to it
 * @param threads how many blocking calls at once, from 1
 * @param readOnly whether everything that changes the disk is refused; not for memory
 */
public record DiskOptions(
    EngineChoice engine, List<FilterSpec> filters, int threads, boolean readOnly) {

  /** The engine that suits the machine, no filters, read and write. */
  public static final DiskOptions DEFAULT =
      new DiskOptions(new EngineChoice.Auto(), List.of(), DirectDisk.THREADS_DEFAULT, false);

  public DiskOptions {
    filters = List.copyOf(filters);
    if (threads < 1) {
      throw new IllegalArgumentException("disk threads: %d, must be at least 1".formatted(threads));
    }
  }

  public DiskOptions withEngine(EngineChoice other) {
    return new DiskOptions(other, filters, threads, readOnly);
  }

  public DiskOptions withFilters(List<FilterSpec> others) {
    return new DiskOptions(engine, others, threads, readOnly);
  }

  public DiskOptions withThreads(int other) {
    return new DiskOptions(engine, filters, other, readOnly);
  }

  public DiskOptions withReadOnly(boolean other) {
    return new DiskOptions(engine, filters, threads, other);
  }
}
