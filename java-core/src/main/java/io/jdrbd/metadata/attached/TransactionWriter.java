package io.jdrbd.metadata.attached;

import io.jdrbd.disk.DiskException;
import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.AlBlock;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitRange;
import io.jdrbd.metadata.format.Extents;
import java.util.Optional;

/**
 * Writes a transaction of the activity log in the order that survives a crash:
 *
 * <ol>
 *   <li>the bitmap pages of extents that leave the active set, as far as they changed;
 *   <li>if extents leave, a flush of the data disk: what was written to them is no longer covered;
 *   <li>a flush of the metadata disk, where anything before was not durable yet;
 *   <li>the transaction itself, durable before it counts.
 * </ol>
 */
final class TransactionWriter {
  private static final int PAGES_MAX = AlGeometry.UPDATES_PER_TRANSACTION * 2;

  private final BackingDisk.Place place;
  private final Bitmap bitmap;
  private final BitmapWriter pages;
  private AlGeometry geometry;
  private final MetadataMemory memory;
  private final AlBlock block;

  private final Step dataFlush = new Step(this::dataFlushed);
  private final Step metadataFlush = new Step(this::metadataFlushed);
  private final Step blockWrite = new Step(this::blockWritten);
  private final int[] candidates = new int[PAGES_MAX];

  private Completion done = error -> {};
  private boolean evicts;
  private long flushMark;
  private long offsetBytes;
  private int number;
  private int contextStart;
  private int nextContextStart;
  private long transactions;

  TransactionWriter(
      BackingDisk.Place place,
      Bitmap bitmap,
      BitmapWriter pages,
      AlGeometry geometry,
      MetadataMemory memory) {
    this.place = place;
    this.bitmap = bitmap;
    this.pages = pages;
    this.geometry = geometry;
    this.memory = memory;
    this.offsetBytes = place.layout().alOffsetBytes();
    this.block = new AlBlock(memory.block(MetadataMemory.logOffset()));
  }

  long transactions() {
    return transactions;
  }

  /** Begins anew with an empty log in another place, perhaps of another shape. */
  void restart(long newOffsetBytes, AlGeometry newGeometry) {
    offsetBytes = newOffsetBytes;
    geometry = newGeometry;
    number = 0;
    contextStart = 0;
  }

  /**
   * Writes the changes of some slots. One call at a time.
   *
   * @param slots what was and what will be
   * @param changed the slots that change
   * @param count how many of them
   */
  void write(ExtentSlots slots, int[] changed, int count, Completion whenDone) {
    done = whenDone;
    fillBlock(slots, changed, count);
    pages.write(candidates, evictedPages(slots, changed, count), this::pagesWritten);
  }

  private void fillBlock(ExtentSlots slots, int[] changed, int count) {
    block.begin(number, slots.count(), contextStart);
    for (int index = 0; index < count; index++) {
      block.addUpdate(changed[index], slots.wanted(changed[index]));
    }
    int described = Math.min(AlGeometry.CONTEXT_PER_TRANSACTION, slots.count() - contextStart);
    for (int index = 0; index < described; index++) {
      block.putContext(index, slots.extent(contextStart + index));
    }
    int next = contextStart + AlGeometry.CONTEXT_PER_TRANSACTION;
    nextContextStart = next >= slots.count() ? 0 : next;
    block.seal();
  }

  /** Fills in the pages of all evicted extents and returns their number. */
  private int evictedPages(ExtentSlots slots, int[] changed, int count) {
    evicts = false;
    int found = 0;
    for (int index = 0; index < count; index++) {
      int extent = slots.extent(changed[index]);
      BitRange bits =
          extent == Extents.FREE
              ? new BitRange(0, 0)
              : bitmap.area().granularity().ofExtent(extent).clippedTo(bitmap.bits());
      evicts |= extent != Extents.FREE;
      if (!bits.isEmpty()) {
        for (int page = bitmap.firstPage(bits); page <= bitmap.lastPage(bits); page++) {
          candidates[found++] = page;
        }
      }
    }
    return found;
  }

  private void pagesWritten(Optional<DiskException> error) {
    if (error.isPresent()) {
      done.ended(error);
    } else if (evicts && !place.isInternal() && place.data().geometry().volatileCache()) {
      place.data().submit(dataFlush.flush());
    } else {
      flushMetadata();
    }
  }

  private void dataFlushed(Optional<DiskException> error) {
    if (error.isPresent()) {
      done.ended(error);
    } else {
      flushMetadata();
    }
  }

  private void flushMetadata() {
    boolean needed = evicts || pages.isUnflushed();
    if (needed && place.metadata().geometry().volatileCache()) {
      flushMark = pages.flushMark();
      place.metadata().submit(metadataFlush.flush());
    } else {
      writeBlock();
    }
  }

  private void metadataFlushed(Optional<DiskException> error) {
    if (error.isPresent()) {
      done.ended(error);
    } else {
      pages.flushed(flushMark);
      writeBlock();
    }
  }

  private void writeBlock() {
    long at = offsetBytes + (long) geometry.blockOf(number) * AlBlock.BYTES;
    place
        .metadata()
        .submit(
            blockWrite.write(at, AlBlock.BYTES, memory.buffer(), MetadataMemory.logOffset(), true));
  }

  private void blockWritten(Optional<DiskException> error) {
    if (error.isEmpty()) {
      number++;
      contextStart = nextContextStart;
      transactions++;
    }
    done.ended(error);
  }
}
