package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.loop.EpollLoop;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon as systemd starts it: what it tells, and how it logs for the journal. */
class ServiceIT {
  private static final long PATIENCE_SECONDS = 300;

  @TempDir private Path directory;

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  @Test
  void systemdIsToldOfReadinessAndOfTheEndAndTheJournalGetsPriorities()
      throws IOException, InterruptedException {
    Path notifySocket = directory.resolve("notify");
    Path log = directory.resolve("log");
    try (EpollLoop loop = new EpollLoop("systemd")) {
      listen(loop, notifySocket);
      ProcessBuilder builder = TestNode.builder(directory, "daemon");
      builder
          .environment()
          .putAll(Map.of("NOTIFY_SOCKET", notifySocket.toString(), "JOURNAL_STREAM", "8:1"));
      Process daemon = builder.redirectError(log.toFile()).start();
      try {
        assertThat(nextTold()).contains("READY=1\nMAINPID=%d\n".formatted(daemon.pid()));

        daemon.destroy();

        assertThat(nextTold()).contains("STOPPING=1\n");
        assertThat(daemon.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      } finally {
        daemon.destroyForcibly().onExit().join();
      }
    }
    assertThat(Files.readAllLines(log))
        .filteredOn(line -> !line.startsWith("jdrbd: ")) // the launcher's own
        .contains("<6>ready", "<6>jdrbd stops")
        .allMatch(line -> line.matches("<[3467]>\\D.*"));
  }

  private void listen(EpollLoop loop, Path socket) {
    new Bootstrap()
        .group(loop.eventLoop())
        .channel(EpollDomainDatagramChannel.class)
        .handler(
            new SimpleChannelInboundHandler<DomainDatagramPacket>() {
              @Override
              protected void channelRead0(
                  ChannelHandlerContext context, DomainDatagramPacket sent) {
                told.add(sent.content().toString(StandardCharsets.UTF_8));
              }
            })
        .bind(new DomainSocketAddress(socket.toFile()))
        .syncUninterruptibly();
  }

  private Optional<String> nextTold() throws InterruptedException {
    return Optional.ofNullable(told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }
}
