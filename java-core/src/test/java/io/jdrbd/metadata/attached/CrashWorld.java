package io.jdrbd.metadata.attached;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.DiskException;
import io.jdrbd.loop.SimLoop;
import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.BitmapArea;
import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.DeviceFlags;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.MetadataException;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.store.AttachWish;
import io.jdrbd.metadata.store.Attachment;
import io.jdrbd.metadata.store.Attachment.Attached;
import io.jdrbd.metadata.store.LogApplication;
import io.jdrbd.metadata.store.MetadataMove;
import io.jdrbd.metadata.store.MetadataStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/**
 * A node with its disk, peers that come and go, and an application that writes: all in one thread
 * and all decided by one seed. After every disk operation the power is cut on a copy of the disk,
 * the copy is attached, and every block that differs from a peer's must be marked for that peer.
 */
final class CrashWorld {
  static final int BLOCK_BYTES = 4096;

  private static final int STEPS_MAX = 100_000;
  private static final int NODE = 31;
  private static final int GROWING_ONE_IN = 5;
  private static final long GROWTH_WITHIN_NS = 10_000_000;

  private final long seed;
  private final Random random;
  private final SimLoop loop = new SimLoop();
  private final BufferPool pool = new BufferPool(4 << 20);
  private final Placement placement;
  private AlGeometry al;
  private final BitmapArea area;
  private final int alExtents;

  /** Whether the device gets larger now and then. */
  private final boolean growing;

  private final List<SimPeer> peers = new ArrayList<>();

  /** Block to the version that a completed flush or FUA write made safe. */
  private final Map<Long, Integer> safe = new HashMap<>();

  /** Block to the newest version that was ever written, or begun to be. */
  private final Map<Long, Integer> newest = new HashMap<>();

  private int versions;
  private CrashImage dataMedium;
  private CrashImage metadataMedium;
  private SimDisk data;
  private SimDisk metadata;
  private BackingDisk backing;
  private SimApplication application;
  private long sizeBytes;

  /** Size of the data device when its metadata was last known to be at its end. */
  private long knownBytes;

  private long points;
  private boolean cut;

  CrashWorld(long seed) throws Exception {
    this.seed = seed;
    this.random = new Random(seed);
    this.placement = random.nextInt(3) == 0 ? new Placement.Flexible() : new Placement.Internal();
    this.al = random.nextBoolean() ? AlGeometry.DEFAULT : new AlGeometry(2, 5);
    this.area =
        new BitmapArea(
            random.nextInt(1, 5),
            random.nextInt(4) == 0 ? new BitGranularity(65536) : BitGranularity.DEFAULT);
    this.alExtents = random.nextInt(4, 12);
    this.growing = random.nextInt(GROWING_ONE_IN) == 0;
    for (int slot = 0; slot < area.slots(); slot++) {
      peers.add(new SimPeer(slot));
    }
    create();
  }

  /** Metadata as after an initial sync: everything is equal everywhere. */
  private void create() throws IOException {
    long dataBytes = (random.nextInt(64, 400) + 1L) << 20;
    knownBytes = dataBytes;
    dataMedium = new CrashImage(dataBytes);
    metadataMedium =
        placement instanceof Placement.Internal ? dataMedium : new CrashImage(2L << 20);
    long metadataBytes = metadataMedium.sizeBytes();
    Layout layout = Layout.of(placement, metadataBytes, area, al);
    long sectors = layout.dataSectorsMax(Sectors.ofBytes(dataBytes), area);
    CommonFields common =
        CommonFields.created(layout, area.granularity(), al, sectors)
            .withFlags(
                DeviceFlags.CREATED.with(DeviceFlag.CONSISTENT).with(DeviceFlag.WAS_UP_TO_DATE));
    MetadataStore store = new MetadataStore(metadataMedium, placement);
    Superblock superblock = SuperblockV09.created(common, area.slots()).withCurrentUuid(0x1234);
    store.initialiseLog(superblock);
    store.writeSuperblock(superblock);
  }

  /** Attaches, works for a while with a check after each disk operation, then loses power. */
  void live(int writes) throws Exception {
    attach();
    application = new SimApplication(this, writes);
    application.start();
    if (growing && random.nextBoolean()) {
      loop.schedule(random.nextLong(GROWTH_WITHIN_NS), this::grow);
    }
    long lastPoints = points + random.nextInt(40, 400);
    cut = false;
    for (int steps = 0; !cut && loop.step(); steps++) {
      assertThat(steps).as("%s: no end in sight", where()).isLessThan(STEPS_MAX);
      cut = points > lastPoints;
    }
    assertThat(cut || application.isFinished())
        .as("seed %d: the application came to a halt", seed)
        .isTrue();
    losePower();
  }

  /**
   * The device gets larger, by few blocks or by many MiB, and the disk in use follows; perhaps its
   * activity log gets another shape.
   */
  private void grow() {
    long more =
        random.nextBoolean() ? random.nextLong(1, 40) * BLOCK_BYTES : random.nextLong(1, 64) << 20;
    long bytes = data.geometry().sizeBytes() + more;
    data.grow(bytes);
    boolean reshapes = random.nextBoolean();
    backing.relocate(
        layout(al),
        moved -> {
          assertThat(moved).isEmpty();
          AlGeometry shape =
              random.nextBoolean() ? new AlGeometry(3, random.nextInt(3, 9)) : AlGeometry.DEFAULT;
          if (reshapes && room(layout(shape), bytes) >= sizeBytes) {
            al = shape;
            backing.reshape(layout(shape), shape, reshaped -> follow(reshaped, bytes));
          } else {
            follow(Optional.empty(), bytes);
          }
        });
  }

  private Layout layout(AlGeometry shape) {
    return Layout.of(placement, metadata.geometry().sizeBytes(), area, shape);
  }

  private long room(Layout layout, long dataBytes) {
    return Sectors.toBytes(layout.dataSectorsMax(Sectors.ofBytes(dataBytes), area));
  }

  private void follow(Optional<DiskException> error, long bytes) {
    assertThat(error).isEmpty();
    Layout to = layout(al);
    long grown = room(to, bytes);
    backing.grow(
        to,
        grown,
        true,
        written -> {
          assertThat(written).isEmpty();
          sizeBytes = grown;
          knownBytes = bytes;
        });
  }

  /** What whoever attaches does: looks where the metadata was, if it is not where it belongs. */
  private Attached open(MetadataStore store, long dataBytes) throws Exception {
    try {
      store.readSuperblock();
    } catch (MetadataException none) {
      moveFromFormerEnd(store, none);
    }
    return Attachment.attach(
        store, new AttachWish(NODE, dataBytes, OptionalLong.empty(), List.of(), alExtents));
  }

  private void moveFromFormerEnd(MetadataStore store, MetadataException none) throws Exception {
    try {
      MetadataMove.move(store, knownBytes);
    } catch (MetadataException neither) {
      neither.addSuppressed(none);
      throw neither;
    }
  }

  private void attach() throws Exception {
    MetadataStore store = new MetadataStore(metadataMedium, placement);
    Attached attached = open(store, dataMedium.sizeBytes());
    knownBytes = dataMedium.sizeBytes();
    data = new SimDisk(loop, random, dataMedium);
    metadata = metadataMedium == dataMedium ? data : new SimDisk(loop, random, metadataMedium);
    data.afterOperation(this::check);
    metadata.afterOperation(this::check);
    sizeBytes = Sectors.toBytes(attached.sizeSectors());
    backing =
        new BackingDisk(
            loop,
            new BackingDisk.Place(data, metadata, attached.layout(), sizeBytes),
            attached.superblock(),
            attached.bitmap(),
            alExtents,
            new MetadataMemory(pool.tryAllocate(MetadataMemory.BYTES).orElseThrow()));
    peers.forEach(SimPeer::nodeRestarted);
  }

  /** The power goes for good: the next life starts with what got through. */
  private void losePower() {
    dataMedium = flatten(data.crash(random));
    metadataMedium = data == metadata ? dataMedium : flatten(metadata.crash(random));
    application.settle(random);
    drop();
  }

  /** What was under way in the old life never ends. */
  private void drop() {
    data.afterOperation(() -> {});
    metadata.afterOperation(() -> {});
    data.forget();
    metadata.forget();
    application.stop();
    loop.drain();
    backing.release();
  }

  private static CrashImage flatten(CrashImage image) {
    return new CrashImage(Map.of(), image.contents(), image.sizeBytes());
  }

  /** One crash point: what would be found if the power went now. */
  private void check() {
    points++;
    Random dice = new Random(seed * 1_000_003 + points);
    CrashImage crashedData = data.crash(dice);
    CrashImage crashedMetadata = data == metadata ? crashedData : metadata.crash(dice);
    MetadataStore store = new MetadataStore(crashedMetadata, placement);
    try {
      if (dice.nextInt(4) == 0) {
        interruptedAttach(store, crashedMetadata, crashedData.sizeBytes(), dice);
      }
      Bitmap bitmap =
          growing
              ? open(store, crashedData.sizeBytes()).bitmap()
              : LogApplication.apply(store).bitmap();
      checkMarks(crashedData, bitmap, dice);
      bitmap.release();
      checkAcknowledged(crashedData);
    } catch (Exception | AssertionError problem) {
      throw new AssertionError(where() + ": " + problem.getMessage(), problem);
    }
  }

  private void interruptedAttach(MetadataStore store, CrashImage image, long dataBytes, Random dice)
      throws Exception {
    image.losePowerAfter(dice.nextInt(20));
    try {
      open(store, dataBytes).bitmap().release();
    } catch (CrashImage.PowerLoss expected) {
      image.powerUp(dice);
    }
    image.losePowerAfter(Long.MAX_VALUE);
  }

  private void checkMarks(CrashImage image, Bitmap bitmap, Random dice) {
    for (SimPeer peer : peers) {
      Map<Long, Integer> theirs = application.contentOf(peer, dice);
      for (long block : application.everWritten()) {
        int bit = (int) area.granularity().touched(block * BLOCK_BYTES, BLOCK_BYTES).first();
        boolean marked = bitmap.get(peer.slot(), bit);
        int theirVersion = theirs.getOrDefault(block, 0);
        for (int sector = 0; !marked && sector < BLOCK_BYTES; sector += SimDisk.SECTOR_BYTES) {
          int ours = version(image.sector(block * BLOCK_BYTES + sector));
          if (ours != theirVersion) {
            throw new AssertionError(
                "lost mark: block %d holds version %d here and %d at the peer of slot %d, which the bitmap does not say"
                    .formatted(block, ours, theirVersion, peer.slot()));
          }
        }
      }
    }
  }

  private void checkAcknowledged(CrashImage image) {
    safe.forEach(
        (block, version) -> {
          for (int sector = 0; sector < BLOCK_BYTES; sector += SimDisk.SECTOR_BYTES) {
            int ours = version(image.sector(block * BLOCK_BYTES + sector));
            if (ours < version) {
              throw new AssertionError(
                  "lost write: block %d holds version %d, but %d was acknowledged as safe"
                      .formatted(block, ours, version));
            }
          }
        });
  }

  private static int version(byte[] sector) {
    return ByteBuffer.wrap(sector).getInt();
  }

  private String where() {
    return "seed %d, crash point %d (replay with -Djdrbd.crash.seed=%d)"
        .formatted(seed, points, seed);
  }

  long points() {
    return points;
  }

  Random random() {
    return random;
  }

  SimLoop loop() {
    return loop;
  }

  BufferPool pool() {
    return pool;
  }

  SimDisk data() {
    return data;
  }

  BackingDisk backing() {
    return backing;
  }

  List<SimPeer> peers() {
    return peers;
  }

  Map<Long, Integer> newest() {
    return newest;
  }

  int nextVersion() {
    versions++;
    return versions;
  }

  Map<Long, Integer> safe() {
    return safe;
  }

  long blocks() {
    return sizeBytes / BLOCK_BYTES;
  }
}
