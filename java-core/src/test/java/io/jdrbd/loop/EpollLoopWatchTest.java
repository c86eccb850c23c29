package io.jdrbd.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.loop.EpollLoop.Watch;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EpollLoopWatchTest {
  private static final long WAIT_S = 10;

  private final EpollLoop loop = new EpollLoop("test");
  private FileDescriptor[] pipe;

  @BeforeEach
  void openPipe() throws IOException {
    pipe = FileDescriptor.pipe();
  }

  @AfterEach
  void close() throws IOException {
    loop.close();
    pipe[0].close();
    pipe[1].close();
  }

  private <T> T onLoop(Callable<T> work) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            result.complete(work.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result.get(WAIT_S, TimeUnit.SECONDS);
  }

  private void writeOne() throws IOException {
    pipe[1].write(ByteBuffer.allocateDirect(1), 0, 1);
  }

  private void readOne() {
    try {
      pipe[0].read(ByteBuffer.allocateDirect(1), 0, 1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void callsTheHandlerOnTheLoopAsLongAsTheFileIsReadable() throws Exception {
    CountDownLatch calls = new CountDownLatch(3);
    List<Boolean> inLoop = new ArrayList<>();
    onLoop(
        () ->
            loop.watch(
                pipe[0].intValue(),
                () -> {
                  inLoop.add(loop.inLoop());
                  calls.countDown();
                  readOne();
                },
                () -> {}));
    writeOne();
    writeOne();
    writeOne();
    assertThat(calls.await(WAIT_S, TimeUnit.SECONDS)).isTrue();
    assertThat(onLoop(() -> inLoop)).containsExactly(true, true, true);
  }

  @Test
  void aCancelledWatchIsSilent() throws Exception {
    CompletableFuture<Boolean> called = new CompletableFuture<>();
    Watch watch =
        onLoop(() -> loop.watch(pipe[0].intValue(), () -> called.complete(true), () -> {}));
    onLoop(
        () -> {
          watch.cancel();
          writeOne();
          return true;
        });
    CompletableFuture<Boolean> other = new CompletableFuture<>();
    onLoop(() -> loop.watch(pipe[0].intValue(), () -> other.complete(true), () -> {}));
    assertThat(other.get(WAIT_S, TimeUnit.SECONDS)).isTrue();
    assertThat(called).isNotDone();
  }

  @Test
  void tellsAWatchThatTheLoopEnds() throws Exception {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    onLoop(() -> loop.watch(pipe[0].intValue(), () -> {}, () -> ended.complete(loop.inLoop())));
    loop.close();
    assertThat(ended.get(WAIT_S, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void refusesAFileThatEpollCannotWaitFor() {
    assertThatThrownBy(() -> onLoop(() -> loop.watch(9_999, () -> {}, () -> {})))
        .hasCauseInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("9999");
  }

  @Test
  void workForTheEndOfATurnRunsAfterAllThatIsQueued() throws Exception {
    CompletableFuture<List<String>> seen = new CompletableFuture<>();
    List<String> order = new ArrayList<>();
    onLoop(
        () -> {
          loop.executeAtEndOfTurn(
              () -> {
                order.add("end");
                seen.complete(order);
              });
          loop.execute(() -> order.add("first"));
          loop.execute(() -> order.add("second"));
          return true;
        });
    assertThat(seen.get(WAIT_S, TimeUnit.SECONDS)).containsExactly("first", "second", "end");
  }
}
