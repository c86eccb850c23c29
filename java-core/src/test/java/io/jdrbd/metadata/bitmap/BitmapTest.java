package io.jdrbd.metadata.bitmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.BitRange;
import io.jdrbd.metadata.format.BitmapArea;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BitmapTest {
  private static Bitmap bitmap(int slots, long bits) {
    return new Bitmap(new BitmapArea(slots, BitGranularity.DEFAULT), bits);
  }

  /** The same random steps on a bitmap and on the JDK's bit sets. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 64", "2, 1000", "3, 131072", "7, 32767", "31, 5000", "1, 9000000"})
  void doesWhatBitSetsDo(int slots, int bits) {
    Random random = new Random(bits);
    Bitmap bitmap = bitmap(slots, bits);
    BitSet[] model = new BitSet[slots];
    for (int slot = 0; slot < slots; slot++) {
      model[slot] = new BitSet(bits);
    }
    for (int step = 0; step < 2000; step++) {
      int slot = random.nextInt(slots);
      int first = random.nextInt(bits);
      int end = first + random.nextInt(Math.min(bits - first, random.nextInt(1, 3000)) + 1);
      BitRange range = new BitRange(first, end);
      int before = model[slot].cardinality();
      if (random.nextBoolean()) {
        model[slot].set(first, end);
        assertThat(bitmap.set(slot, range)).isEqualTo(model[slot].cardinality() - before);
      } else {
        model[slot].clear(first, end);
        assertThat(bitmap.clear(slot, range)).isEqualTo(before - model[slot].cardinality());
      }
      assertThat(bitmap.weight(slot)).isEqualTo(model[slot].cardinality());
      assertThat(bitmap.next(slot, first)).isEqualTo(model[slot].nextSetBit(first));
      assertThat(bitmap.count(slot, range)).isEqualTo(model[slot].get(first, end).cardinality());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 31})
  void pagesHoldEverythingAndNothingElse(int slots) {
    Random random = new Random(slots);
    Bitmap written = bitmap(slots, 200_003);
    for (int step = 0; step < 500; step++) {
      long first = random.nextInt(200_000);
      written.set(random.nextInt(slots), new BitRange(first, first + random.nextInt(100)));
    }
    Bitmap read = bitmap(slots, 200_003);
    ByteBuffer page = ByteBuffer.allocate(Bitmap.PAGE_BYTES);
    for (int index = 0; index < written.pages(); index++) {
      written.encodePage(index, page.clear());
      read.decodePage(index, page.flip());
    }
    read.recount();
    assertThat(written.nextMarked(0)).isEqualTo(Bitmap.NO_PAGE);
    assertThat(read.nextMarked(0)).isEqualTo(Bitmap.NO_PAGE);
    for (int slot = 0; slot < slots; slot++) {
      assertThat(read.weight(slot)).isEqualTo(written.weight(slot));
      for (long word = 0; word * 64 < 200_003; word++) {
        assertThat(read.word(slot, word)).isEqualTo(written.word(slot, word));
      }
    }
  }

  @Test
  void onlyPagesThatChangedAreMarked() {
    Bitmap bitmap = bitmap(3, 1 << 20);
    bitmap.set(1, new BitRange(500_000, 500_001));
    int page = bitmap.nextMarked(0);
    assertThat(page).isEqualTo((500_000 / 32 * 3 + 1) / 1024);
    assertThat(bitmap.nextMarked(page + 1)).isEqualTo(Bitmap.NO_PAGE);
    assertThat(bitmap.mustBeWritten()).isTrue();
    bitmap.encodePage(page, ByteBuffer.allocate(Bitmap.PAGE_BYTES));
    bitmap.set(1, new BitRange(500_000, 500_001));
    assertThat(bitmap.nextMarked(0)).isEqualTo(Bitmap.NO_PAGE);
    bitmap.clear(1, new BitRange(500_000, 500_001));
    assertThat(bitmap.isMarked(page)).isTrue();
    assertThat(bitmap.mustBeWritten()).isFalse();
  }

  @Test
  void mergesAndCopiesWholeSlots() {
    Bitmap bitmap = bitmap(3, 1000);
    bitmap.set(0, new BitRange(0, 10));
    bitmap.set(1, new BitRange(5, 20));
    bitmap.merge(0, 1);
    assertThat(bitmap.weight(0)).isEqualTo(20);
    bitmap.copy(2, 1);
    assertThat(bitmap.weight(2)).isEqualTo(15);
    bitmap.mergeWord(2, 15, -1L);
    assertThat(bitmap.weight(2)).isEqualTo(15 + 40);
  }

  @Test
  void bitsBehindTheOldEndAreNewWhenItGrows() {
    Bitmap bitmap = bitmap(2, 100);
    bitmap.setInAllSlots(bitmap.all());
    assertThat(bitmap.isAllSet()).isTrue();
    bitmap.resize(70_000_000, false);
    assertThat(bitmap.weight(0)).isEqualTo(100);
    bitmap.resize(50, false);
    bitmap.resize(200, true);
    assertThat(bitmap.weight(1)).isEqualTo(50 + 150);
  }

  @Test
  void aTebibyteAndOnePeerTake32MiB() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Bitmap bitmap = bitmap(1, 1L << 28);
    long heap = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(heap + SlotBits.bytes(1L << 28)).isLessThan((32L << 20) * 11 / 10);
    assertThat(bitmap.bits()).isEqualTo(1L << 28);
    bitmap.release();
  }

  @Test
  void whoeverComesLateFindsNothing() {
    Bitmap bitmap = bitmap(3, 1000);
    bitmap.setInAllSlots(bitmap.all());
    bitmap.release();
    assertThat(bitmap.bits()).isZero();
    assertThat(bitmap.weight(1)).isZero();
    assertThat(bitmap.next(1, 0)).isEqualTo(Bitmap.NO_BIT);
    assertThat(bitmap.get(2, 5)).isFalse();
    assertThat(bitmap.word(2, 5)).isZero();
    assertThat(bitmap.set(1, new BitRange(5, 10))).isZero();
    assertThat(bitmap.nextMarked(0)).isEqualTo(Bitmap.NO_PAGE);
  }

  @Test
  void whatThereIsNoMemoryForChangesNothing() {
    Bitmap bitmap = bitmap(2, 1000);
    bitmap.set(1, new BitRange(5, 10));
    assertThatThrownBy(() -> bitmap.resize(1L << 50, true))
        .isInstanceOf(BitmapMemoryException.class)
        .hasMessageContaining("no memory for 2 bitmaps of 137438953472 KiB each");
    assertThat(bitmap.bits()).isEqualTo(1000);
    assertThat(bitmap.weight(1)).isEqualTo(5);
  }
}
