package io.jdrbd.control;

import io.jdrbd.loop.EpollLoop;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/** The daemon's side of the control socket: many clients, each with one request at a time. */
public final class ControlServer {
  private static final String SOCKET_MODE = "rw-rw----";

  private final EpollLoop loop;
  private final RequestHandler handler;
  private final Set<ControlSession> sessions = new LinkedHashSet<>();

  /**
   * @param loop on which requests are handled
   * @param handler carries them out
   */
  public ControlServer(EpollLoop loop, RequestHandler handler) {
    this.loop = loop;
    this.handler = handler;
  }

  /**
   * Listens on a Unix socket of mode 0660 and replaces whatever is there. Must not be called on the
   * loop.
   *
   * @throws IOException if the socket cannot be made
   */
  public void listen(Path socket) throws IOException {
    Path fresh = socket.resolveSibling(socket.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop.eventLoop())
            .channel(EpollServerDomainSocketChannel.class)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(Limits.BACKLOG_BYTES_MAX / 2, Limits.BACKLOG_BYTES_MAX))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    welcome(channel);
                  }
                });
    var bound = bootstrap.bind(new DomainSocketAddress(fresh.toFile())).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot listen on " + socket, bound.cause());
    }
    // Nobody can connect before the mode is right: the name appears afterwards.
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(SOCKET_MODE));
    Files.move(fresh, socket, StandardCopyOption.ATOMIC_MOVE);
  }

  private void welcome(Channel channel) {
    if (sessions.size() >= Limits.CLIENTS_MAX) {
      ControlSession.turnAway(channel, "there are %d clients already".formatted(sessions.size()));
      return;
    }
    ControlSession session = new ControlSession(handler);
    sessions.add(session);
    channel.closeFuture().addListener(closed -> sessions.remove(session));
    channel
        .pipeline()
        .addLast(new LineBasedFrameDecoder(Limits.REQUEST_BYTES_MAX, true, true))
        .addLast(session);
  }

  /** Tells all clients that asked for events. Called on the loop. */
  public void publish(Event event) {
    byte[] line = JsonText.write(event.toJson());
    sessions.forEach(session -> session.event(line));
  }

  static byte[] withLineFeed(byte[] line) {
    byte[] bytes = Arrays.copyOf(line, line.length + 1);
    bytes[line.length] = '\n';
    return bytes;
  }
}
