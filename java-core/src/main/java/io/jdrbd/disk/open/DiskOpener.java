package io.jdrbd.disk.open;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.Errno;
import io.jdrbd.disk.direct.DirectDisk;
import io.jdrbd.disk.direct.DiskFile;
import io.jdrbd.disk.filter.AlignedDisk;
import io.jdrbd.disk.filter.FilterSpec;
import io.jdrbd.disk.memory.MemoryDisk;
import io.jdrbd.disk.uring.UringDisk;
import io.jdrbd.disk.uring.UringEngine;
import io.jdrbd.loop.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Opens disks: chooses the engine, puts the filters around it, and accepts any alignment. */
public final class DiskOpener {
  private static final Logger LOG = System.getLogger(DiskOpener.class.getName());

  private DiskOpener() {}

  /**
   * Opens a disk. Blocks while the disk is opened, which is short; may be called on any thread.
   *
   * @param path a block device or regular file; not looked at by the memory engine
   * @param loop on which the disk is used and completes
   * @param pool gives the memory for what is unaligned
   * @return a disk whose logical block is 1
   * @throws DiskException if it cannot be opened; nothing is left open then
   */
  public static BlockDisk open(String path, DiskOptions options, Loop loop, BufferPool pool)
      throws DiskException {
    BlockDisk disk = engine(path, options, loop, pool);
    try {
      for (FilterSpec filter : options.filters()) {
        disk = filter.wrap(disk, loop, pool);
      }
      return AlignedDisk.over(disk, loop, pool);
    } catch (DiskException e) {
      BlockDisk opened = disk;
      loop.execute(() -> opened.close(() -> {}));
      throw e;
    }
  }

  private static BlockDisk engine(String path, DiskOptions options, Loop loop, BufferPool pool)
      throws DiskException {
    return switch (options.engine()) {
      case EngineChoice.Memory(long sizeBytes) -> {
        BlockDisk disk = new MemoryDisk(loop, sizeBytes);
        LOG.log(Level.INFO, "{0}: its data is gone when it is closed", disk.description());
        yield disk;
      }
      case EngineChoice.Direct() -> direct(path, options, loop, "as asked for");
      case EngineChoice.Auto() ->
          switch (RingSupport.of(loop, pool)) {
            case RingSupport.Usable(UringEngine engine) ->
                ring(path, options, engine, "as the kernel permits it");
            case RingSupport.Unusable(String reason) ->
                direct(path, options, loop, "as io_uring cannot be used: " + reason);
          };
      case EngineChoice.IoUring() ->
          switch (RingSupport.of(loop, pool)) {
            case RingSupport.Usable(UringEngine engine) ->
                ring(path, options, engine, "as asked for");
            case RingSupport.Unusable(String reason) ->
                throw DiskException.ofWhole(Errno.ENOSYS, "io_uring", path, reason);
          };
    };
  }

  private static BlockDisk direct(String path, DiskOptions options, Loop loop, String why)
      throws DiskException {
    DiskFile file = DiskFile.open(path, options.readOnly());
    BlockDisk disk = new DirectDisk(loop, file, options.threads());
    LOG.log(Level.INFO, "{0}: engine direct, {1} threads, {2}", path, options.threads(), why);
    return disk;
  }

  private static BlockDisk ring(String path, DiskOptions options, UringEngine engine, String why)
      throws DiskException {
    DiskFile file = DiskFile.open(path, options.readOnly());
    BlockDisk disk = new UringDisk(engine, file);
    LOG.log(Level.INFO, "{0}: engine io_uring, {1}", path, why);
    return disk;
  }
}
