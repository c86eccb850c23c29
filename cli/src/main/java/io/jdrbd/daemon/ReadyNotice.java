package io.jdrbd.daemon;

import io.jdrbd.loop.EpollLoop;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalInt;

/** Tells whoever started the daemon how it gets on: systemd, or a file descriptor. */
final class ReadyNotice {
  private static final System.Logger LOG = System.getLogger(ReadyNotice.class.getName());

  private final EpollLoop loop;
  private final Optional<String> notifySocket;
  private final OptionalInt readyFd;

  ReadyNotice(EpollLoop loop, Optional<String> notifySocket, OptionalInt readyFd) {
    this.loop = loop;
    this.notifySocket = notifySocket;
    this.readyFd = readyFd;
  }

  /** All that was configured is there again and commands are answered. Not on the loop. */
  void ready() {
    notifySocket.ifPresent(socket -> send(socket, "READY=1\nMAINPID=" + pid() + "\n"));
    readyFd.ifPresent(ReadyNotice::write);
  }

  /** The daemon is about to end. Not on the loop. */
  void stopping() {
    notifySocket.ifPresent(socket -> send(socket, "STOPPING=1\n"));
  }

  private static void write(int fd) {
    Path path = Path.of("/proc/self/fd/" + fd);
    try {
      Files.writeString(path, "ready\n", StandardOpenOption.WRITE);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "--ready-fd " + fd + " cannot be written to", e);
    }
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private void send(String socket, String message) {
    // systemd writes an abstract name with @ in place of its first byte, which is zero.
    String name = socket.startsWith("@") ? "\0" + socket.substring(1) : socket;
    ChannelFuture connected =
        new Bootstrap()
            .group(loop.eventLoop())
            .channel(EpollDomainDatagramChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(new DomainSocketAddress(name))
            .awaitUninterruptibly();
    ChannelFuture sent =
        connected.isSuccess()
            ? connected
                .channel()
                .writeAndFlush(Unpooled.copiedBuffer(message, StandardCharsets.UTF_8))
                .awaitUninterruptibly()
            : connected;
    if (!sent.isSuccess()) {
      LOG.log(System.Logger.Level.WARNING, "NOTIFY_SOCKET " + socket, sent.cause());
    }
    var _ = connected.channel().close();
  }
}
