package io.jdrbd.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.metadata.format.DeviceFlag;
import io.jdrbd.state.DiskState;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Metadata that was damaged: a refusal with DRBD's number, and nothing is written. */
class DamageTest extends MetadataNodeTestBase {
  private static final long SUPERBLOCK = DISK_BYTES - 4096;
  private static final int MAGIC = 0x3c;
  private static final int USED_BYTES = 0x570;
  private static final int ROUNDS = 60;

  private interface Damage {
    void to(RandomAccessFile file) throws IOException;
  }

  private void damage(Damage damage) throws IOException {
    try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
      damage.to(file);
    }
  }

  private void refusedWithoutAWrite(int code) throws IOException {
    Path before = directory.resolve("before");
    Files.copy(disk, before);
    assertThat(attach(Map.of())).isEqualTo(code);
    assertThat(state()).isEqualTo(DiskState.DISKLESS);
    assertThat(Files.mismatch(disk, before)).as("first byte that was written").isEqualTo(-1);
  }

  /** Magic of DRBD 0.7, one of a version to come, none; offsets and shapes that cannot be. */
  @ParameterizedTest
  @CsvSource({
    "0x3c, 0x8374026a",
    "0x3c, 0x8374026e",
    "0x3c, 0",
    "0x44, 8",
    "0x4c, 0",
    "0x40, 0x7fffffff",
    "0x50, 12345",
    "0x58, 77",
    "0x60, -1"
  })
  void aFieldThatCannotBe(String field, String value) throws IOException {
    damage(
        file -> {
          file.seek(SUPERBLOCK + Integer.decode(field));
          file.writeInt(Long.decode(value).intValue());
        });
    refusedWithoutAWrite(119);
  }

  @Test
  void zeroes() throws IOException {
    damage(
        file -> {
          file.seek(SUPERBLOCK);
          file.write(new byte[4096]);
        });
    refusedWithoutAWrite(119);
  }

  @Test
  void anEndThatIsMissing() throws IOException {
    resizeFile(DISK_BYTES - 8192);
    refusedWithoutAWrite(119);
  }

  @Test
  void hardlyAnythingLeft() throws IOException {
    resizeFile(8192);
    refusedWithoutAWrite(119);
  }

  @Test
  void aLogThatIsNeededAndCannotBeRead() throws IOException {
    attach(Map.of());
    primary(true);
    write(0, true);
    get(onLoop(() -> node.close().toCompletableFuture()));
    node = freshNode();
    assertThat(readSuperblock().flags().has(DeviceFlag.PRIMARY_IND)).isTrue();
    damage(
        file -> {
          byte[] garbage = new byte[32 << 10];
          new Random(1).nextBytes(garbage);
          file.seek(SUPERBLOCK - garbage.length);
          file.write(garbage);
        });
    refusedWithoutAWrite(165);
  }

  /** Whatever bits are flipped: it is attached, or refused with a number, without a write. */
  @Test
  void flippedBits() throws IOException {
    byte[] intact = new byte[USED_BYTES];
    damage(
        file -> {
          file.seek(SUPERBLOCK);
          file.readFully(intact);
        });
    Random random = new Random(7);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] flipped = intact.clone();
      int bit = random.nextInt(round % 2 == 0 ? MAGIC * Byte.SIZE : USED_BYTES * Byte.SIZE);
      flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      damage(
          file -> {
            file.seek(SUPERBLOCK);
            file.write(flipped);
          });
      int code = attach(Map.of());
      assertThat(code).as("bit %d", bit).isIn(101, 111, 112, 119, 162, 165, 170);
      if (code == 101) {
        assertThat(detach()).isEqualTo(101);
      }
    }
  }
}
