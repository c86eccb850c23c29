package io.jdrbd.disk.filter;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.loop.Loop;
import java.nio.file.Path;
import java.util.Map;

/** A filter that is wanted, before there is a disk to wrap; from text by {@link #parse}. */
public sealed interface FilterSpec {

  /**
   * Wraps a disk, which the filter closes with itself.
   *
   * @throws DiskException if the filter cannot be set up; the disk is then still open
   */
  BlockDisk wrap(BlockDisk disk, Loop loop, BufferPool pool) throws DiskException;

  /**
   * Reads a filter such as {@code delay:read=5ms,jitter=1ms}; docs/disk.md has the syntax.
   *
   * @throws IllegalArgumentException with a text for the person who wrote it
   */
  static FilterSpec parse(String text) {
    return FilterParser.parse(text);
  }

  /** {@link DelayDisk}. */
  record Delay(Map<DiskRequest.Op, Long> delaysNs, long jitterNs, long seed) implements FilterSpec {
    public Delay {
      delaysNs = Map.copyOf(delaysNs);
    }

    @Override
    public BlockDisk wrap(BlockDisk disk, Loop loop, BufferPool pool) {
      return new DelayDisk(disk, loop, delaysNs, jitterNs, seed);
    }
  }

  /** {@link FaultyDisk}. */
  record Errors(FaultyDisk.Fault fault) implements FilterSpec {
    @Override
    public BlockDisk wrap(BlockDisk disk, Loop loop, BufferPool pool) {
      return new FaultyDisk(disk, loop, fault);
    }
  }

  /** {@link WriteLogDisk} with its log in a file. */
  record WriteLog(Path file) implements FilterSpec {
    @Override
    public BlockDisk wrap(BlockDisk disk, Loop loop, BufferPool pool) throws DiskException {
      return new WriteLogDisk(disk, WriteLogFile.create(file));
    }
  }

  /** {@link TornDisk}. */
  record Torn(long limitBytes) implements FilterSpec {
    @Override
    public BlockDisk wrap(BlockDisk disk, Loop loop, BufferPool pool) throws DiskException {
      return new TornDisk(disk, loop, pool, limitBytes);
    }
  }
}
