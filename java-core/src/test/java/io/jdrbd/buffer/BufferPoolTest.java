package io.jdrbd.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BufferPoolTest {
  private static final int PAGE = BufferPool.PAGE_BYTES;

  @ParameterizedTest
  @CsvSource({"1,4096", "4096,4096", "4097,8192", "12288,16384", "65536,65536"})
  void roundsUpToAPowerOfTwoOfPages(int asked, int given) {
    BufferPool pool = new BufferPool(16 * PAGE);
    PooledBuffer buffer = pool.tryAllocate(asked).orElseThrow();
    assertThat(buffer.capacity()).isEqualTo(given);
    assertThat(buffer.memoryAddress() % PAGE).isZero();
    assertThat(buffer.writerIndex()).isZero();
    buffer.release();
    assertThat(pool.outstanding()).isZero();
  }

  @Test
  void nothingIsGivenBackByManyThreadsAtOnce() {
    IntStream.range(0, 1_000_000)
        .parallel()
        .forEach(
            i -> {
              PooledBuffer.NONE.retain();
              PooledBuffer.NONE.release();
              PooledBuffer.NONE.release();
            });
    assertThat(PooledBuffer.NONE.refCnt()).isEqualTo(1);
  }

  @Test
  void copiesWithinTheBoundsOfBoth() {
    PooledBuffer buffer = new BufferPool(PAGE).tryAllocate(PAGE).orElseThrow();
    ByteBuf direct = Unpooled.directBuffer(8, 8).writeLong(0x0102030405060708L);
    ByteBuf onHeap = Unpooled.wrappedBuffer(new byte[] {9, 10});
    buffer.writeBytes(direct, 3).writeBytes(onHeap);
    assertThat(ByteBufUtil.getBytes(buffer)).containsExactly(1, 2, 3, 9, 10);
    assertThat(direct.readableBytes()).isEqualTo(5);
    assertThatThrownBy(() -> buffer.setBytes(0, direct, 1, 8))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> buffer.setBytes(PAGE - 4, direct, 0, 5))
        .isInstanceOf(IndexOutOfBoundsException.class);
    direct.release();
    buffer.release();
    assertThatThrownBy(() -> buffer.setBytes(0, Unpooled.directBuffer(8), 0, 1))
        .isInstanceOf(IllegalReferenceCountException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4095, 12288, -4096})
  void refusesACapacityThatIsNoPowerOfTwoOfPages(int capacity) {
    assertThatThrownBy(() -> new BufferPool(capacity))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Integer.toString(capacity));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 4 * PAGE + 1})
  void refusesALengthItCanNeverGive(int length) {
    BufferPool pool = new BufferPool(4 * PAGE);
    assertThatThrownBy(() -> pool.tryAllocate(length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Integer.toString(length));
  }

  @Test
  void buffersNeverOverlapAndTheWholeComesBackTogether() {
    BufferPool pool = new BufferPool(64 * PAGE);
    Random random = new Random(7);
    List<PooledBuffer> held = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      if (random.nextBoolean()) {
        pool.tryAllocate(1 + random.nextInt(20 * PAGE)).ifPresent(held::add);
      } else if (!held.isEmpty()) {
        held.remove(random.nextInt(held.size())).release();
      }
      assertNoOverlap(held);
    }
    held.forEach(PooledBuffer::release);
    assertThat(pool.outstanding()).isZero();
    PooledBuffer whole = pool.tryAllocate(64 * PAGE).orElseThrow();
    whole.release();
  }

  private static void assertNoOverlap(List<PooledBuffer> buffers) {
    Set<Long> pages = new HashSet<>();
    for (PooledBuffer buffer : buffers) {
      for (int offset = 0; offset < buffer.capacity(); offset += PAGE) {
        assertThat(pages.add(buffer.memoryAddress() + offset)).isTrue();
      }
    }
  }

  @Test
  void waitersAreServedInOrderAndNobodyOvertakes() {
    BufferPool pool = new BufferPool(4 * PAGE);
    PooledBuffer first = pool.tryAllocate(2 * PAGE).orElseThrow();
    List<PooledBuffer> served = new ArrayList<>();
    pool.allocate(4 * PAGE, Runnable::run, served::add);
    pool.allocate(PAGE, Runnable::run, served::add);

    assertThat(served).isEmpty();
    assertThat(pool.tryAllocate(PAGE)).as("the large one waits before").isEmpty();
    first.release();
    assertThat(served).hasSize(1);
    served.get(0).release();
    assertThat(served).hasSize(2);
    served.get(1).release();
    assertThat(pool.outstanding()).isZero();
  }

  @Test
  void aBufferReleasedTwiceIsAnError() {
    BufferPool pool = new BufferPool(PAGE);
    PooledBuffer buffer = pool.tryAllocate(1).orElseThrow();
    buffer.release();
    assertThatThrownBy(buffer::release).isInstanceOf(IllegalReferenceCountException.class);
    assertThat(pool.outstanding()).isZero();
  }

  @Test
  void aSecondReferenceKeepsThePages() {
    BufferPool pool = new BufferPool(PAGE);
    PooledBuffer buffer = pool.tryAllocate(1).orElseThrow();
    buffer.retain();
    buffer.release();
    assertThat(pool.tryAllocate(1)).isEmpty();
    buffer.release();
    assertThat(pool.tryAllocate(1)).contains(buffer);
    buffer.release();
  }

  @Test
  void traceTellsWhereALeakCameFrom() {
    BufferPool pool = new BufferPool(PAGE);
    PooledBuffer buffer = pool.tryAllocate(1).orElseThrow();
    assertThat(pool.leaks())
        .singleElement()
        .satisfies(
            leak ->
                assertThat(leak.getStackTrace())
                    .anyMatch(
                        frame -> frame.getMethodName().equals("traceTellsWhereALeakCameFrom")));
    buffer.release();
    assertThat(pool.leaks()).isEmpty();
  }
}
