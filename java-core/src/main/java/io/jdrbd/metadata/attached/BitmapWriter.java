package io.jdrbd.metadata.attached;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.metadata.bitmap.Bitmap;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes marked pages of the bitmap. A page is never on its way to disk twice: whoever wants it
 * meanwhile waits for the first write to end and, if the page has a mark by then, writes it again.
 * What was written is durable only after the next flush of the metadata disk.
 */
final class BitmapWriter {
  private final BlockDisk disk;
  private final Bitmap bitmap;
  private long offsetBytes;
  private final ArrayDeque<PageWrite> idle = new ArrayDeque<>();
  private final List<Pass> passes = new ArrayList<>();
  private final Set<Integer> inFlight = new HashSet<>();
  private long writes;
  private long durableWrites;
  private Optional<Runnable> whenIdle = Optional.empty();

  /**
   * @param offsetBytes where the bitmap begins on the disk
   */
  BitmapWriter(BlockDisk disk, Bitmap bitmap, long offsetBytes, MetadataMemory memory) {
    this.disk = disk;
    this.bitmap = bitmap;
    this.offsetBytes = offsetBytes;
    for (int index = 0; index < MetadataMemory.bitmapPages(); index++) {
      idle.add(new PageWrite(memory, MetadataMemory.bitmapOffset(index)));
    }
  }

  /** Pages written so far. */
  long writes() {
    return writes;
  }

  /** Calls back once, as soon as no page is on its way. */
  void whenIdle(Runnable then) {
    whenIdle = Optional.of(then);
    tellIdle();
  }

  private void tellIdle() {
    if (whenIdle.isPresent() && inFlight.isEmpty() && passes.isEmpty()) {
      Runnable told = whenIdle.get();
      whenIdle = Optional.empty();
      told.run();
    }
  }

  /** From now on pages go to another place. Nothing may be on its way. */
  void moveTo(long newOffsetBytes) {
    offsetBytes = newOffsetBytes;
  }

  /** Whether pages were written that no flush has made durable. */
  boolean isUnflushed() {
    return durableWrites != writes;
  }

  /** What a flush that is submitted now will make durable; for {@link #flushed}. */
  long flushMark() {
    return inFlight.isEmpty() ? writes : durableWrites;
  }

  /** A flush of the metadata disk has ended. */
  void flushed(long mark) {
    durableWrites = Math.max(durableWrites, mark);
  }

  /**
   * Writes those of the given pages that have a mark.
   *
   * @param pages page numbers; copied
   * @param count how many of them count
   */
  void write(int[] pages, int count, Completion done) {
    start(new Pass(Arrays.copyOf(pages, count), done));
  }

  /** Writes every page that has a mark now. */
  void writeMarked(Completion done) {
    int[] pages = new int[bitmap.pages()];
    int count = 0;
    for (int page = bitmap.nextMarked(0);
        page != Bitmap.NO_PAGE;
        page = bitmap.nextMarked(page + 1)) {
      pages[count++] = page;
    }
    for (int page : inFlight) {
      pages = count == pages.length ? Arrays.copyOf(pages, count + inFlight.size()) : pages;
      pages[count++] = page;
    }
    start(new Pass(Arrays.copyOf(pages, count), done));
  }

  private void start(Pass pass) {
    passes.add(pass);
    advance(pass);
  }

  private void advance(Pass pass) {
    while (pass.next < pass.pages.length) {
      int page = pass.pages[pass.next];
      boolean mustWait = inFlight.contains(page) || (bitmap.isMarked(page) && idle.isEmpty());
      if (mustWait) {
        return;
      }
      pass.next++;
      if (bitmap.isMarked(page)) {
        pass.outstanding++;
        inFlight.add(page);
        writes++;
        idle.remove().start(page, pass);
      }
    }
    if (pass.outstanding == 0 && passes.remove(pass)) {
      pass.done.ended(pass.error);
    }
  }

  private void ended(PageWrite write, Optional<DiskException> error) {
    inFlight.remove(write.page);
    idle.add(write);
    write.pass.outstanding--;
    if (error.isPresent()) {
      bitmap.remark(write.page);
      write.pass.error = error;
    }
    for (Pass pass : List.copyOf(passes)) {
      advance(pass);
    }
    tellIdle();
  }

  /** Pages that somebody wants to have written. */
  private static final class Pass {
    private final int[] pages;
    private final Completion done;
    private int next;
    private int outstanding;
    private Optional<DiskException> error = Optional.empty();

    Pass(int[] pages, Completion done) {
      this.pages = pages;
      this.done = done;
    }
  }

  /** One page on its way. */
  private final class PageWrite extends DiskRequest {
    private final MetadataMemory memory;
    private final int bufferOffset;
    private final ByteBuffer bytes;
    private int page;
    private Pass pass;

    PageWrite(MetadataMemory memory, int bufferOffset) {
      this.memory = memory;
      this.bufferOffset = bufferOffset;
      this.bytes = memory.block(bufferOffset);
    }

    void start(int pageNumber, Pass owner) {
      page = pageNumber;
      pass = owner;
      bitmap.encodePage(pageNumber, bytes.clear());
      long at = offsetBytes + (long) pageNumber * Bitmap.PAGE_BYTES;
      disk.submit(write(at, Bitmap.PAGE_BYTES, memory.buffer(), bufferOffset, false));
    }

    @Override
    public void complete() {
      ended(this, Optional.empty());
    }

    @Override
    public void fail(DiskException error) {
      ended(this, Optional.of(error));
    }
  }
}
