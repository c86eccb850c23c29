package io.jdrbd.metadata.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec 5.6: blocks of the activity log, and reading them back. */
class AlReplayTest {
  private static final AlGeometry RING = AlGeometry.DEFAULT;
  private static final int SLOTS = 67;

  private final ByteBuffer log = ByteBuffer.allocate((int) RING.sizeBytes());

  @BeforeEach
  void createLog() {
    for (int block = 0; block < RING.blocks(); block++) {
      at(block).initialise();
    }
  }

  private AlBlock at(int block) {
    return new AlBlock(log.slice(block * AlBlock.BYTES, AlBlock.BYTES));
  }

  private AlBlock transaction(int number, int slot, int extent) {
    AlBlock block = at(RING.blockOf(number));
    block.begin(number, SLOTS, 0);
    block.addUpdate(slot, extent);
    return block;
  }

  private ActiveSet read() {
    return AlReplay.read(log, RING);
  }

  @Test
  void checksumOfTheSpec() {
    ByteBuffer digits = ByteBuffer.wrap("123456789".getBytes(StandardCharsets.US_ASCII));
    assertThat(AlBlock.checksum(digits)).isEqualTo(0x58e3fa20);
    assertThat(log.getInt(8)).isEqualTo(0x709cc651);
  }

  /** The three transactions that kernel 8.4.11 was seen to write. */
  @Test
  void checksumsOfTheKernel() {
    transaction(0, 66, 3).seal();
    AlBlock second = transaction(1, 65, 10);
    second.putContext(66, 3);
    second.seal();
    AlBlock third = transaction(2, 64, 11);
    third.putContext(65, 10);
    third.putContext(66, 3);
    third.seal();
    assertThat(log.getInt(8)).isEqualTo(0x29b4d21f);
    assertThat(log.getInt(4096 + 8)).isEqualTo(0x2884b5a3);
    assertThat(log.getInt(8192 + 8)).isEqualTo(0xca51350c);
    assertThat(read()).isEqualTo(new ActiveSet.Active(List.of(3, 10, 11)));
  }

  @Test
  void aFreshLogIsEmpty() {
    assertThat(read()).isEqualTo(new ActiveSet.Empty());
  }

  @Test
  void theFirstTransactionTornIsAnEmptyLog() {
    log.put(100, (byte) 1);
    assertThat(read()).isEqualTo(new ActiveSet.Empty());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7})
  void anotherBlockTornWithoutAnyTransactionIsUnusable(int block) {
    log.put(block * 4096 + 100, (byte) 1);
    assertThat(read()).isInstanceOf(ActiveSet.Unusable.class);
  }

  @Test
  void zeroesAreUnusable() {
    log.put(0, new byte[log.capacity()]);
    assertThat(read())
        .isInstanceOfSatisfying(
            ActiveSet.Unusable.class, unusable -> assertThat(unusable.anyValid()).isFalse());
  }

  @Test
  void aTornTransactionDoesNotCount() {
    transaction(0, 5, 50).seal();
    transaction(1, 6, 60).seal();
    log.put(4096 + 0xa4, (byte) 7);
    assertThat(read()).isEqualTo(new ActiveSet.Active(List.of(50)));
  }

  @Test
  void numbersMayWrap() {
    transaction(-1, 5, 50).seal();
    transaction(0, 5, 51).seal();
    assertThat(read()).isEqualTo(new ActiveSet.Active(List.of(51)));
  }

  @Test
  void anUpdateToNoExtentFreesItsSlot() {
    transaction(0, 5, 50).seal();
    transaction(1, 5, Extents.FREE).seal();
    assertThat(read()).isEqualTo(new ActiveSet.Active(List.of()));
  }

  /** What the ring forgot, the contexts of later transactions repeat. */
  @Test
  void theContextRepeatsWhatTheRingForgot() {
    for (int number = 3; number < 3 + RING.blocks(); number++) {
      AlBlock block = transaction(number, number, 100 + number);
      block.putContext(1, 77);
      for (int slot = 3; slot < number; slot++) {
        block.putContext(slot, 100 + slot);
      }
      block.seal();
    }
    assertThat(read())
        .isInstanceOfSatisfying(
            ActiveSet.Active.class,
            active -> assertThat(active.extents()).contains(77, 103, 110).hasSize(9));
  }
}
