package io.jdrbd.cluster;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.loop.Loop;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.attached.Completion;
import io.jdrbd.metadata.attached.MetadataMemory;
import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.BitmapArea;
import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.WriteOrdering;
import io.jdrbd.state.cluster.VolumeSnapshot;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A volume on a disk with fresh v09 metadata, as far as {@link ClusterResource} needs it. */
final class TestVolume implements LocalVolume {
  private final Loop loop;
  private final BlockDisk disk;
  private final Layout layout;
  private final int peer;
  private final BufferPool pool;
  private BackingDisk backing;
  private Runnable whenReleased = () -> {};
  private DiskState state = DiskState.INCONSISTENT;
  private boolean crashed;
  private int thinBytes;
  private WriteOrdering writeOrdering = WriteOrdering.FLUSH;
  private long room;
  private long wish;

  TestVolume(Loop loop, BlockDisk disk, int nodeId, int peer, BufferPool pool) {
    this(loop, disk, nodeId, peer, pool, Long.MAX_VALUE);
  }

  /**
   * @param most sectors that it has room for as long as nobody lets it grow
   */
  TestVolume(Loop loop, BlockDisk disk, int nodeId, int peer, BufferPool pool, long most) {
    this.loop = loop;
    this.disk = disk;
    this.peer = peer;
    this.pool = pool;
    long bytes = disk.geometry().sizeBytes();
    BitmapArea area = new BitmapArea(1, BitGranularity.DEFAULT);
    this.layout = Layout.of(new Placement.Internal(), bytes, area, AlGeometry.DEFAULT);
    long sectors = Math.min(most, layout.dataSectorsMax(Sectors.ofBytes(bytes), area));
    this.room = sectors;
    CommonFields common =
        CommonFields.created(layout, area.granularity(), AlGeometry.DEFAULT, sectors);
    SuperblockV09 superblock = SuperblockV09.created(common, 1).withNodeId(nodeId);
    superblock = superblock.withPeer(peer, superblock.peers().get(peer).withBitmapIndex(0));
    Bitmap bitmap = new Bitmap(area, area.granularity().bits(sectors));
    this.backing = open(superblock, bitmap, Sectors.toBytes(sectors));
  }

  private BackingDisk open(Superblock superblock, Bitmap bitmap, long bytes) {
    return new BackingDisk(
        loop,
        new BackingDisk.Place(disk, disk, layout, bytes),
        superblock,
        bitmap,
        127,
        new MetadataMemory(pool.tryAllocate(MetadataMemory.BYTES).orElseThrow()));
  }

  /** Opens the disk again after it has left. */
  BackingDisk reopen() {
    state = DiskState.ATTACHING;
    backing = open(backing.superblock(), backing.bitmap(), backing.sizeBytes());
    return backing;
  }

  /** Calls back when the disk has left, and is gone. */
  void whenReleased(Runnable then) {
    whenReleased = then;
  }

  void setWriteOrdering(WriteOrdering wanted) {
    writeOrdering = wanted;
  }

  /** The disk has room for more from now on. */
  void makeRoom(long sectors) {
    room = sectors;
  }

  BlockDisk disk() {
    return disk;
  }

  @Override
  public int number() {
    return 0;
  }

  @Override
  public String name() {
    return "r0/0";
  }

  @Override
  public Optional<BackingDisk> backing() {
    return state.isAbove(DiskState.FAILED) ? Optional.of(backing) : Optional.empty();
  }

  @Override
  public void releaseDisk() {
    backing.leave(
        () -> {
          state = DiskState.DISKLESS;
          whenReleased.run();
        });
  }

  @Override
  public DiskGeometry geometry() {
    return disk.geometry();
  }

  @Override
  public WriteOrdering writeOrdering() {
    return writeOrdering;
  }

  @Override
  public Generations generations() {
    return Generations.of((SuperblockV09) backing.superblock());
  }

  @Override
  public void setGenerations(Generations changed, Completion done) {
    backing.updateSuperblock(superblock -> changed.into((SuperblockV09) superblock, 0), done);
  }

  @Override
  public OptionalInt slotOf(int nodeId) {
    return nodeId == peer ? OptionalInt.of(0) : OptionalInt.empty();
  }

  @Override
  public boolean isCrashedPrimary() {
    return crashed;
  }

  @Override
  public void forgetCrash() {
    crashed = false;
  }

  @Override
  public DiskState diskState() {
    return state;
  }

  @Override
  public void setDiskState(DiskState now, Completion done) {
    state = now;
    backing.updateSuperblock(superblock -> superblock, done);
  }

  @Override
  public void writeFlags(Completion done) {
    backing.updateSuperblock(superblock -> superblock, done);
  }

  @Override
  public VolumeSnapshot withOpeners(VolumeSnapshot snapshot) {
    return snapshot;
  }

  void setThinBytes(int bytes) {
    thinBytes = bytes;
  }

  @Override
  public int thinBytes() {
    return thinBytes;
  }

  @Override
  public long agreedSectors() {
    return 0;
  }

  @Override
  public long roomSectors() {
    return room;
  }

  @Override
  public CompletionStage<Verdict> look() {
    return CompletableFuture.completedStage(Verdict.passed(room + " sectors"));
  }

  @Override
  public CompletionStage<Verdict> grow(long sectors, boolean outOfSync) {
    CompletableFuture<Verdict> grown = new CompletableFuture<>();
    backing.grow(
        backing.layout(),
        Sectors.toBytes(sectors),
        outOfSync,
        error -> grown.complete(Verdict.passed(sectors + " sectors")));
    return grown;
  }

  @Override
  public CompletionStage<Verdict> shrink(long sectors) {
    CompletableFuture<Verdict> shrunk = new CompletableFuture<>();
    backing.shrink(
        Sectors.toBytes(sectors), error -> shrunk.complete(Verdict.passed(sectors + " sectors")));
    return shrunk;
  }

  @Override
  public long wishSectors() {
    return wish;
  }

  @Override
  public void wish(long sectors) {
    wish = sectors;
  }
}
