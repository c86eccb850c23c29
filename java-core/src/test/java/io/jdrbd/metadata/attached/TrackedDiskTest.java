package io.jdrbd.metadata.attached;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.loop.SimLoop;
import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.BitmapArea;
import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.Extents;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV09;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Writes and what they cost in log writes, on a simulated disk. */
class TrackedDiskTest {
  private static final long DEVICE_BYTES = 64L << 30;
  private static final int BLOCK_BYTES = 4096;

  private final SimLoop loop = new SimLoop();
  private final Random random = new Random(1);
  private final SimDisk disk = new SimDisk(loop, random, new CrashImage(DEVICE_BYTES));
  private final BufferPool pool = new BufferPool(1 << 20);
  private PooledBuffer payload = PooledBuffer.NONE;
  private int ended;
  private int failed;

  @BeforeEach
  void takeBuffer() {
    payload = pool.tryAllocate(1 << 16).orElseThrow();
  }

  private BackingDisk attach(int alExtents, boolean updates) {
    BitmapArea area = new BitmapArea(1, BitGranularity.DEFAULT);
    Layout layout = Layout.of(new Placement.Internal(), DEVICE_BYTES, area, AlGeometry.DEFAULT);
    long sectors = layout.dataSectorsMax(Sectors.ofBytes(DEVICE_BYTES), area);
    CommonFields common =
        CommonFields.created(layout, area.granularity(), AlGeometry.DEFAULT, sectors);
    Superblock superblock = SuperblockV09.created(common, 1);
    superblock = superblock.withFlags(superblock.flags().set(DeviceFlag.AL_DISABLED, !updates));
    return new BackingDisk(
        loop,
        new BackingDisk.Place(disk, disk, layout, Sectors.toBytes(sectors)),
        superblock,
        new Bitmap(area, area.granularity().bits(sectors)),
        alExtents,
        new MetadataMemory(pool.tryAllocate(MetadataMemory.BYTES).orElseThrow()));
  }

  private DiskRequest request() {
    return new Step(
        error -> {
          ended++;
          failed += error.isPresent() ? 1 : 0;
        });
  }

  private DiskRequest write(long offsetBytes) {
    return request().write(offsetBytes, BLOCK_BYTES, payload, 0, false);
  }

  @Test
  void whatIsWrittenIsMarked() {
    BackingDisk backing = attach(67, true);
    TrackedDisk tracked = new TrackedDisk(backing);
    tracked.submit(write(10 * BLOCK_BYTES));
    loop.drain();
    assertThat(ended).isEqualTo(1);
    assertThat(backing.bitmap().weight(0)).isEqualTo(1);
    assertThat(backing.bitmap().get(0, 10)).isTrue();
    assertThat(backing.activityLog().transactions()).isEqualTo(1);
  }

  @Test
  void coldExtentsAskedForTogetherShareATransaction() {
    BackingDisk backing = attach(1237, true);
    TrackedDisk tracked = new TrackedDisk(backing);
    for (long extent = 0; extent < 64; extent++) {
      tracked.submit(write(extent * Extents.BYTES));
    }
    loop.drain();
    assertThat(ended).isEqualTo(64);
    assertThat(backing.activityLog().transactions()).isEqualTo(1);
  }

  @Test
  void aHotSetCostsNoLogWrites() {
    BackingDisk backing = attach(67, true);
    writeRandomly(backing, 1000, 32, 60);
    long warm = backing.activityLog().transactions();
    writeRandomly(backing, 10_000, 32, 60);
    assertThat(backing.activityLog().transactions()).isEqualTo(warm);
  }

  /** Log writes for each 1000 random writes of 4 KiB, and what they may be at most. */
  @ParameterizedTest
  @CsvSource({"67, 1, 1000", "67, 32, 200", "1237, 1, 950", "1237, 32, 100", "6433, 32, 70"})
  void aColdSetCostsLogWrites(int alExtents, int depth, long most) {
    BackingDisk backing = attach(alExtents, true);
    int area = (int) (DEVICE_BYTES / Extents.BYTES) - 1;
    writeRandomly(backing, 5000, depth, area);
    long warm = backing.activityLog().transactions();
    writeRandomly(backing, 5000, depth, area);
    long perThousand = (backing.activityLog().transactions() - warm) / 5;
    System.out.printf(
        "al-extents %d, queue depth %d, 64 GiB at random: %d log writes per 1000 writes%n",
        alExtents, depth, perThousand);
    assertThat(perThousand).isLessThanOrEqualTo(most);
  }

  private void writeRandomly(BackingDisk backing, int writes, int depth, int extents) {
    TrackedDisk tracked = new TrackedDisk(backing);
    int goal = ended + writes;
    int[] started = {0};
    Runnable[] next = new Runnable[1];
    next[0] =
        () -> {
          if (started[0] < writes) {
            started[0]++;
            long block = random.nextLong((long) extents * Extents.BYTES / BLOCK_BYTES);
            tracked.submit(
                new Step(
                        error -> {
                          ended++;
                          next[0].run();
                        })
                    .write(block * BLOCK_BYTES, BLOCK_BYTES, payload, 0, false));
          }
        };
    for (int index = 0; index < depth; index++) {
      next[0].run();
    }
    loop.drain();
    assertThat(ended).isEqualTo(goal);
  }

  @Test
  void withoutUpdatesTheLogIsNeverWritten() {
    BackingDisk backing = attach(67, false);
    writeRandomly(backing, 1000, 16, 10_000);
    assertThat(backing.activityLog().transactions()).isZero();
    assertThat(backing.bitmap().weight(0)).isGreaterThan(900);
  }

  @Test
  void aLongDiscardGoesPieceByPiece() {
    BackingDisk backing = attach(67, true);
    long bytes = 1000L * Extents.BYTES;
    new TrackedDisk(backing).submit(request().discard(3 * BLOCK_BYTES, bytes));
    loop.drain();
    assertThat(ended).isEqualTo(1);
    assertThat(backing.bitmap().weight(0)).isEqualTo(bytes / BLOCK_BYTES);
  }

  /** Writes over two extents each, with hardly any slots: nobody waits for ever. */
  @Test
  void nobodyStarves() {
    BackingDisk backing = attach(4, true);
    TrackedDisk tracked = new TrackedDisk(backing);
    for (int index = 0; index < 500; index++) {
      long boundary = random.nextLong(1, 40) * Extents.BYTES;
      tracked.submit(request().write(boundary - BLOCK_BYTES, 2 * BLOCK_BYTES, payload, 0, false));
    }
    loop.drain();
    assertThat(ended).isEqualTo(500);
    assertThat(failed).isZero();
  }

  @Test
  void withoutALogNoWriteToAColdExtentPasses() {
    BackingDisk backing = attach(67, true);
    disk.failFromNowOn();
    TrackedDisk tracked = new TrackedDisk(backing);
    for (int index = 0; index < 3; index++) {
      tracked.submit(write((long) index * Extents.BYTES));
      loop.drain();
    }
    assertThat(failed).isEqualTo(3);
    assertThat(backing.bitmap().weight(0)).as("nothing was written to the data").isZero();
  }

  @Test
  void theAgreedSizeIsWhatUsersSee() {
    BackingDisk backing = attach(67, true);
    assertThat(new TrackedDisk(backing).geometry().sizeBytes())
        .isEqualTo(backing.sizeBytes())
        .isLessThan(DEVICE_BYTES);
  }
}
