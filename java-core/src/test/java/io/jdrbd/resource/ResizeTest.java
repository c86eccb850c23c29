package io.jdrbd.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.LayoutRules;
import io.jdrbd.metadata.format.PeerFlag;
import io.jdrbd.metadata.format.PeerRecord;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Verdict;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk with metadata that grows while it is in use. */
class ResizeTest extends MetadataNodeTestBase {
  private static final int WRITES = 64;
  private static final long EXTENT = 4 << 20;

  private int resize(ResizeWish wish) {
    return code(() -> node.disks().resize(MINOR, wish));
  }

  private void everybodyHasAll() {
    onLoop(
        () -> {
          volume().metadata().orElseThrow().backing().setInSync(0, 0, DISK_BYTES);
          return true;
        });
    assertThat(bits()).isZero();
  }

  /** By few blocks, where old and new metadata overlap, and by more. */
  @ParameterizedTest
  @ValueSource(longs = {4096, 40 << 10, 32 << 20})
  void writesGoOnAndMarksStay(long more) throws Exception {
    becomeUpToDate();
    primary(false);
    everybodyHasAll();
    long before = blocks();
    write(EXTENT, false);
    resizeFile(DISK_BYTES + more);
    List<CompletableFuture<String>> writes = new ArrayList<>();
    for (int index = 0; index < WRITES / 2; index++) {
      writes.add(beginWrite(index % 15 * EXTENT));
    }
    CompletableFuture<Verdict> resized =
        CompletableFuture.supplyAsync(() -> node.disks().resize(MINOR, ResizeWish.WHOLE), loop)
            .thenCompose(stage -> stage);
    for (int index = 0; index < WRITES / 2; index++) {
      writes.add(beginWrite(index % 15 * EXTENT + 8192));
    }
    assertThat(get(resized)).isInstanceOf(Verdict.Passed.class);
    writes.forEach(write -> assertThat(get(write)).isEqualTo("done"));

    long grown = blocks() - before;
    assertThat(sizeBytes()).isEqualTo(readableSize(more));
    assertThat(bits()).as("15 blocks twice, and all that is new").isEqualTo(30 + grown);
    assertThat(write(sizeBytes() - 4096, true)).isEqualTo("done");
    assertThat(secondary()).isEqualTo(101);
    assertThat(detach()).isEqualTo(101);
    assertLeft(30 + grown);
  }

  private static long readableSize(long more) {
    return DISK_BYTES + more - (40 << 10);
  }

  private void assertLeft(long marked) {
    onDisk(
        store -> {
          Superblock found = store.readSuperblock();
          LayoutRules.checkExact(new Placement.Internal(), store.medium().sizeBytes(), found);
          assertThat(found.isClean()).isTrue();
          Bitmap bitmap = store.readBitmap(found);
          assertThat(bitmap.weight(0)).isEqualTo(marked);
          return true;
        });
  }

  /** Writes go on meanwhile; where the device has not grown there is no room for it. */
  @ParameterizedTest
  @CsvSource({"4, 16", "3, 3", "1, 1024"})
  void theActivityLogGetsAnotherShape(int stripes, int stripeBlocks) throws Exception {
    AlGeometry shape = new AlGeometry(stripes, stripeBlocks);
    becomeUpToDate();
    primary(false);
    everybodyHasAll();
    assertThat(resize(ResizeWish.WHOLE.withShape(shape))).isEqualTo(170);
    long before = blocks();
    resizeFile(DISK_BYTES + (16 << 20));
    List<CompletableFuture<String>> writes = new ArrayList<>();
    for (int index = 0; index < WRITES; index++) {
      writes.add(beginWrite(index % 15 * EXTENT));
    }
    CompletableFuture<Verdict> resized =
        CompletableFuture.supplyAsync(
                () -> node.disks().resize(MINOR, ResizeWish.WHOLE.withShape(shape)), loop)
            .thenCompose(stage -> stage);
    for (int index = 0; index < WRITES; index++) {
      writes.add(beginWrite(index % 15 * EXTENT + 8192));
    }
    assertThat(get(resized)).isInstanceOf(Verdict.Passed.class);
    writes.forEach(write -> assertThat(get(write)).isEqualTo("done"));
    assertThat(write(sizeBytes() - 4096, true)).isEqualTo("done");
    long grown = blocks() - before;
    assertThat(secondary()).isEqualTo(101);
    assertThat(detach()).isEqualTo(101);
    assertLeft(30 + grown);
    assertThat(readSuperblock().common().al()).isEqualTo(shape);
  }

  @Test
  void anActivityLogThatCannotBeIsRefused() throws Exception {
    becomeUpToDate();
    resizeFile(2 * DISK_BYTES);
    assertThat(resize(ResizeWish.WHOLE.withShape(new AlGeometry(2, 8192)))).isEqualTo(167);
    assertThat(resize(ResizeWish.WHOLE.withShape(AlGeometry.DEFAULT))).isEqualTo(101);
    assertThat(sizeBytes()).isEqualTo(readableSize(DISK_BYTES));
  }

  @Test
  void whatIsNewMayBeTakenAsEqual() throws Exception {
    becomeUpToDate();
    everybodyHasAll();
    resizeFile(2 * DISK_BYTES);
    assertThat(resize(new ResizeWish(0, false, true))).isEqualTo(101);
    assertThat(sizeBytes()).isEqualTo(readableSize(DISK_BYTES));
    assertThat(bits()).isZero();
  }

  @Test
  void aSizeThatWasAskedForIsKept() throws Exception {
    becomeUpToDate();
    resizeFile(2 * DISK_BYTES);
    assertThat(resize(new ResizeWish(100 << 11, false, false))).isEqualTo(101);
    assertThat(sizeBytes()).isEqualTo(100 << 20);
    detach();
    assertThat(attach(Map.of("size", "100M"))).isEqualTo(101);
    assertThat(sizeBytes()).isEqualTo(100 << 20);
    assertThat(resize(ResizeWish.WHOLE)).isEqualTo(101);
    assertThat(sizeBytes()).isEqualTo(readableSize(DISK_BYTES));
    assertThat(onLoop(() -> volume().config().sizeSectors())).isEmpty();
  }

  @Test
  void aDiskInUseDoesNotShrink() throws Exception {
    becomeUpToDate();
    assertThat(resize(new ResizeWish(1000, false, false))).isEqualTo(170);
    assertThat(resize(new ResizeWish(1 << 20, false, false))).isEqualTo(111);
    resizeFile(DISK_BYTES / 2);
    assertThat(resize(ResizeWish.WHOLE)).isEqualTo(170);
    resizeFile(DISK_BYTES);
  }

  @Test
  void notWithAPeerAndNotBeyondOneThatIsAway() throws Exception {
    becomeUpToDate();
    code(
        () -> now(node.peers().newPeer("r0", 1, NetOptions.defaults().with(Map.of("_name", "b")))));
    Connection peer = onLoop(() -> volume().resource().connection(1).orElseThrow());
    resizeFile(2 * DISK_BYTES);
    setState(peer, ConnectionState.CONNECTED);
    assertThat(resize(ResizeWish.WHOLE)).isEqualTo(151);
    setState(peer, ConnectionState.STANDALONE);
    onLoop(
        () -> {
          volume()
              .metadata()
              .orElseThrow()
              .update(ResizeTest::withPeerThatHadADisk, Volume.nobodyWaits());
          return true;
        });
    assertThat(resize(ResizeWish.WHOLE)).isEqualTo(101);
    assertThat(sizeBytes()).as("the peer may not have the room").isEqualTo(readableSize(0));
    assertThat(resize(new ResizeWish(0, true, false))).isEqualTo(101);
    assertThat(sizeBytes()).isEqualTo(readableSize(DISK_BYTES));
  }

  private static CompletionStage<Verdict> now(Verdict verdict) {
    return CompletableFuture.completedStage(verdict);
  }

  private void setState(Connection peer, ConnectionState state) {
    onLoop(
        () -> {
          peer.setState(state);
          return true;
        });
  }

  private static Superblock withPeerThatHadADisk(Superblock superblock) {
    SuperblockV09 nine = (SuperblockV09) superblock;
    PeerRecord peer = nine.peers().get(1);
    return nine.withPeer(1, peer.withFlags(peer.flags().with(PeerFlag.DEVICE_SEEN)));
  }

  /** A detach that comes meanwhile waits for the end, and leaves the disk in order. */
  @Test
  void aDetachWaits() throws Exception {
    becomeUpToDate();
    everybodyHasAll();
    long before = blocks();
    resizeFile(2 * DISK_BYTES);
    CompletableFuture<Verdict> resized = new CompletableFuture<>();
    CompletableFuture<Verdict> detached = new CompletableFuture<>();
    loop.execute(
        () -> {
          node.disks().resize(MINOR, ResizeWish.WHOLE).thenAccept(resized::complete);
          node.detach(MINOR, false, false).thenAccept(detached::complete);
        });
    assertThat(get(resized)).isInstanceOf(Verdict.Passed.class);
    assertThat(get(detached)).isInstanceOf(Verdict.Passed.class);
    assertThat(state()).isEqualTo(DiskState.DISKLESS);
    assertLeft(readableSize(DISK_BYTES) / 4096 - before);
  }

  @Test
  void withMetadataElsewhere() throws IOException {
    Path other = directory.resolve("metadata");
    try (var file = new RandomAccessFile(other.toFile(), "rw")) {
      file.setLength(4 << 20);
    }
    MetadataPlace place = new MetadataPlace(other.toString(), new Placement.Flexible());
    create(other, place.placement());
    assertThat(attach(place, Map.of())).isEqualTo(101);
    primary(true);
    everybodyHasAll();
    write(0, false);
    resizeFile(DISK_BYTES + (8 << 20));
    assertThat(resize(ResizeWish.WHOLE)).isEqualTo(101);
    assertThat(sizeBytes()).isEqualTo(DISK_BYTES + (8 << 20));
    assertThat(bits()).isEqualTo(1 + (8 << 20) / 4096);
  }
}
