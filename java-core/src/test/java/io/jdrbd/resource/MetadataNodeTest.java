package io.jdrbd.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Superblock;
import io.jdrbd.metadata.format.SuperblockV09;
import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A node with a disk that has metadata: what each command leaves on disk. */
class MetadataNodeTest extends MetadataNodeTestBase {
  @Test
  void aLifeFromJustCreatedToDetached() {
    assertThat(attach(Map.of())).isEqualTo(101);
    assertThat(state()).isEqualTo(DiskState.INCONSISTENT);
    assertThat(primary(false)).isEqualTo(-2);
    assertThat(bits()).as("nobody has what is here").isEqualTo(blocks());

    assertThat(primary(true)).isEqualTo(101);
    assertThat(state()).isEqualTo(DiskState.UP_TO_DATE);
    SuperblockV09 promoted = superblock();
    assertThat(flags(promoted)).isEqualTo(0x453);
    assertThat(promoted.currentUuid() & Superblock.UUID_PRIMARY).isEqualTo(1);
    assertThat(promoted.currentUuid()).isNotEqualTo(Superblock.UUID_JUST_CREATED);
    assertThat(promoted.peers().get(1).bitmapUuid()).as("the initial sync's").isNotZero();
    assertThat(promoted.common().effectiveSizeSectors()).isEqualTo(sizeBytes() / 512);
    assertThat(promoted.members()).isEqualTo(1);

    assertThat(write(4096, false)).isEqualTo("done");
    assertThat(secondary()).isEqualTo(101);
    assertThat(flags(superblock())).isEqualTo(0x411);
    assertThat(superblock().currentUuid()).isEqualTo(Generations.plain(promoted.currentUuid()));
    assertThat(detach()).isEqualTo(101);

    Superblock left = readSuperblock();
    assertThat(left.flags().bits()).isEqualTo(0x491);
    assertThat(left.isClean()).isTrue();
  }

  @Test
  void aNewGenerationBeginsWithTheFirstWriteAndOnlyThen() {
    becomeUpToDate();
    long first = superblock().currentUuid();
    primary(false);
    assertThat(superblock().currentUuid()).as("nothing written yet").isEqualTo(first);
    secondary();
    Generations inSync = inSync();
    onLoop(
        () -> {
          volume().metadata().orElseThrow().setGenerations(inSync, error -> {});
          return true;
        });
    primary(false);
    assertThat(write(0, false)).isEqualTo("done");
    long second = superblock().currentUuid();
    assertThat(second).isNotEqualTo(first);
    assertThat(superblock().peers().get(1).bitmapUuid())
        .as("what the peer was last in sync with")
        .isEqualTo(first);
    write(0, false);
    assertThat(superblock().currentUuid()).isEqualTo(second);
  }

  private Generations inSync() {
    Generations generations = Generations.of(superblock());
    for (int peer = 1; peer < SuperblockV09.NODES; peer++) {
      generations = generations.inSyncWith(peer);
    }
    return generations;
  }

  @Test
  void aWriterPromotesAndItsCloseSettles() {
    becomeUpToDate();
    assertThat(onLoop(() -> node.openings().open(volume(), true)).toCompletableFuture())
        .isCompletedWithValue(Optional.empty());
    assertThat(write(1 << 20, false)).isEqualTo("done");
    assertThat(flags(superblock())).isEqualTo(0x453);
    onLoop(
        () -> {
          node.openings().close(volume(), true);
          return true;
        });
    assertThat(onLoop(() -> volume().resource().role())).isEqualTo(Role.SECONDARY);
    assertThat(detach()).isEqualTo(101);
    assertThat(readSuperblock().flags().bits()).isEqualTo(0x491);
  }

  @Test
  void theEndOfTheDaemonLeavesAPrimaryMarked() {
    becomeUpToDate();
    primary(false);
    write(8 << 20, false);
    get(CompletableFuture.supplyAsync(() -> node.close(), loop).thenCompose(stage -> stage));
    Superblock left = readSuperblock();
    assertThat(left.flags().has(DeviceFlag.PRIMARY_IND)).isTrue();
    assertThat(left.isClean()).isFalse();

    node = freshNode();
    assertThat(attach(Map.of())).isEqualTo(101);
    assertThat(onLoop(() -> volume().metadata().orElseThrow().isCrashedPrimary())).isTrue();
    assertThat(state()).isEqualTo(DiskState.UP_TO_DATE);
    assertThat(bits()).as("the active extent").isEqualTo(blocks());
  }

  @Test
  void refusesWithDrbdsNumbers() {
    assertThat(attach(new MetadataPlace(disk.toString(), new Placement.Flexible()), Map.of()))
        .isEqualTo(116);
    assertThat(attach(new MetadataPlace("/dev/null", new Placement.Flexible()), Map.of()))
        .isEqualTo(105);
    assertThat(attach(Map.of("size", "1G"))).isEqualTo(111);
    assertThat(attach(Map.of("al-extents", "67", "size", "16M"))).isEqualTo(101);
    assertThat(sizeBytes()).isEqualTo(16 << 20);
  }

  @Test
  void withoutMetadataItSaysSo() throws IOException {
    try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(0);
      file.setLength(DISK_BYTES);
    }
    assertThat(attach(Map.of())).isEqualTo(119);
    assertThat(state()).isEqualTo(DiskState.DISKLESS);
  }

  @Test
  void aDisabledLogIsOnDisk() {
    assertThat(attach(Map.of("al-updates", "no", "md-flushes", "no"))).isEqualTo(101);
    primary(true);
    write(0, true);
    assertThat(superblock().flags().has(DeviceFlag.AL_DISABLED)).isTrue();
    assertThat(onLoop(() -> volume().view().statistics().alWrites())).isZero();
  }
}
