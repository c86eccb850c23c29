package io.jdrbd.natives.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.natives.uring.RingOptions.TaskRun;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RingTest {
  private static final int ENTRIES = 8;

  private final List<Long> completed = new ArrayList<>();

  private void record(long userData, int result, int flags) {
    assertThat(result).isZero();
    completed.add(userData);
  }

  private static void nop(Ring ring, long userData) {
    Sqe.userData(Sqe.operation(ring.nextEntry(), Opcode.NOP, -1), userData);
  }

  @ParameterizedTest
  @EnumSource
  void everyTaskRunDeliversACompletion(TaskRun taskRun) throws Exception {
    try (Ring ring = Ring.open(new RingOptions(ENTRIES, 2 * ENTRIES, false, taskRun))) {
      nop(ring, 42);
      assertThat(ring.reap(this::record)).as("nothing was entered").isZero();
      assertThat(ring.enter(1)).isEqualTo(1);
      assertThat(ring.reap(this::record)).isEqualTo(1);
      assertThat(completed).containsExactly(42L);
    }
  }

  @Test
  void theQueuesWrapAroundManyTimes() throws Exception {
    try (Ring ring = Ring.open(RingOptions.ofEntries(ENTRIES))) {
      long sent = 0;
      for (int round = 0; round < 1_000; round++) {
        for (int i = 0; i <= round % ENTRIES; i++) {
          nop(ring, sent++);
        }
        ring.enter(1 + round % ENTRIES);
        ring.reap(this::record);
      }
      assertThat(completed).hasSize((int) sent).isSorted();
    }
  }

  @Test
  void entriesAreBoundedAndCanBeWithdrawn() throws Exception {
    try (Ring ring = Ring.open(RingOptions.ofEntries(ENTRIES))) {
      for (int i = 0; i < ENTRIES; i++) {
        nop(ring, i);
      }
      assertThat(ring.free()).isZero();
      assertThatThrownBy(ring::nextEntry)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("8");
      List<Long> withdrawn = new ArrayList<>();
      ring.withdrawQueued(withdrawn::add);
      assertThat(withdrawn).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
      assertThat(ring.free()).isEqualTo(ENTRIES);
      assertThat(ring.enter(0)).isZero();
      assertThat(ring.reap(this::record)).isZero();
    }
  }

  @Test
  void completionsBeyondTheQueueAreHeldBackAndNotLost() throws Exception {
    int rounds = 10;
    try (Ring ring = Ring.open(RingOptions.ofEntries(ENTRIES))) {
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < ENTRIES; i++) {
          nop(ring, round * ENTRIES + i);
        }
        ring.enter(0);
      }
      assertThat(ring.completionsHeldBack()).isTrue();
      while (ring.reap(this::record) > 0) {
        ring.enter(0);
      }
      assertThat(ring.completionsHeldBack()).isFalse();
      assertThat(completed).hasSize(rounds * ENTRIES).doesNotHaveDuplicates();
    }
  }

  @Test
  void anEntryPreparedByAHandlerIsOnItsWayWithTheNextEnter() throws Exception {
    try (Ring ring = Ring.open(RingOptions.ofEntries(ENTRIES))) {
      nop(ring, 0);
      while (completed.size() < 100) {
        ring.enter(1);
        ring.reap(
            (userData, result, flags) -> {
              record(userData, result, flags);
              nop(ring, userData + 1);
            });
      }
      assertThat(completed).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void readsAFileWithManyRequestsInFlightIntoARegisteredBuffer(@TempDir Path directory)
      throws Exception {
    int blocks = 256;
    int blockBytes = 512;
    Path file = directory.resolve("disk");
    byte[] content = new byte[blocks * blockBytes];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i / blockBytes);
    }
    Files.write(file, content);
    try (Ring ring = Ring.open(RingOptions.ofEntries(blocks));
        Arena arena = Arena.ofConfined()) {
      int fd = open(ring, arena, file);
      MemorySegment memory = arena.allocate(content.length, 4096);
      ring.registration().buffer(memory.address(), memory.byteSize());
      for (int block = blocks - 1; block >= 0; block--) {
        int at = block * blockBytes;
        MemorySegment entry = Sqe.operation(ring.nextEntry(), Opcode.READ_FIXED, fd);
        Sqe.memory(Sqe.offset(entry, at), memory.address() + at, blockBytes);
        Sqe.userData(Sqe.bufferIndex(entry, 0), block);
      }
      BitSet seen = new BitSet();
      ring.enter(blocks);
      ring.reap(
          (userData, result, _) -> {
            assertThat(result).isEqualTo(blockBytes);
            seen.set((int) userData);
          });
      assertThat(seen.cardinality()).isEqualTo(blocks);
      assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
      SystemCalls.close(fd);
    }
  }

  /** Opens for reading by the ring itself. */
  private static int open(Ring ring, Arena arena, Path file) throws UringException {
    int openat = 18;
    int currentDirectory = -100;
    MemorySegment path = arena.allocateFrom(file.toString());
    Sqe.memory(Sqe.operation(ring.nextEntry(), openat, currentDirectory), path.address(), 0);
    ring.enter(1);
    int[] fd = new int[1];
    ring.reap((_, result, _) -> fd[0] = result);
    return UringException.check("open", fd[0]);
  }

  @Test
  void wideEntriesCarryACommandOf80Bytes() throws Exception {
    try (Ring ring = Ring.open(new RingOptions(ENTRIES, ENTRIES, true, TaskRun.DEFERRED))) {
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < ENTRIES; i++) {
          MemorySegment entry = ring.nextEntry();
          assertThat(Sqe.commandBytes(entry).byteSize()).isEqualTo(80);
          Sqe.userData(Sqe.operation(entry, Opcode.NOP, -1), round * ENTRIES + i);
        }
        ring.enter(ENTRIES);
        ring.reap(this::record);
      }
      assertThat(completed).hasSize(3 * ENTRIES).isSorted();
    }
  }

  @Test
  void tellsWhatTheKernelKnows() throws Exception {
    try (Ring ring = Ring.open(RingOptions.ofEntries(ENTRIES))) {
      assertThat(ring.registration().supports(Opcode.READ, Opcode.FALLOCATE)).isTrue();
      assertThat(ring.registration().supports(Opcode.READ, 250)).isFalse();
    }
  }

  @Test
  void refusalsCarryTheKernelsNumber() throws Exception {
    try (Ring ring = Ring.open(RingOptions.ofEntries(ENTRIES))) {
      assertThatThrownBy(() -> ring.registration().buffer(4096, 4096))
          .isInstanceOfSatisfying(UringException.class, e -> assertThat(e.errno()).isPositive())
          .hasMessageContaining("IORING_REGISTER_BUFFERS");
    }
  }

  @Test
  void isOfOneThreadAndOfNoUseOnceClosed() throws Exception {
    Ring ring = Ring.open(RingOptions.ofEntries(ENTRIES));
    CompletableFuture<Integer> elsewhere = CompletableFuture.supplyAsync(ring::free);
    assertThatThrownBy(elsewhere::join).hasCauseInstanceOf(WrongThreadException.class);
    ring.close();
    assertThatThrownBy(ring::nextEntry).isInstanceOf(IllegalStateException.class);
  }
}
