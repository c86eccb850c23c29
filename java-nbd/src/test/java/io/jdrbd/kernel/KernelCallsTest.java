package io.jdrbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.kernel.libc.KernelException;
import io.jdrbd.loop.EpollLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KernelCallsTest {
  private final EpollLoop loop = new EpollLoop("test-loop");

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void resultsAndFailuresArriveOnTheLoop() {
    try (KernelCalls calls = new KernelCalls(loop, Duration.ofSeconds(10))) {
      var answered =
          CompletableFuture.supplyAsync(
                  () -> calls.call("answer", () -> "yes").thenApply(yes -> yes + loop.inLoop()),
                  loop)
              .thenCompose(answer -> answer);
      assertThat(answered.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo("yestrue");

      var failed =
          calls.call(
              "failure",
              () -> {
                throw new IOException("no");
              });
      assertThatThrownBy(() -> failed.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join())
          .hasRootCauseMessage("no");
    }
  }

  @Test
  void whatComesTooLateIsUndone() throws InterruptedException {
    CountDownLatch kernel = new CountDownLatch(1);
    CompletableFuture<String> undone = new CompletableFuture<>();
    try (KernelCalls calls = new KernelCalls(loop, Duration.ofMillis(50))) {
      var late =
          calls.call(
              "connect r0/0",
              () -> {
                kernel.await();
                return "nbd0";
              },
              undone::complete);
      assertThatThrownBy(() -> late.toCompletableFuture().join())
          .cause()
          .isInstanceOf(KernelException.class)
          .hasMessage("connect r0/0: the kernel did not come back within 0 s");
      assertThat(undone).isNotDone();

      kernel.countDown();

      assertThat(undone.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo("nbd0");
    }
  }
}
