package io.jdrbd.nbd.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The addresses a server listens on, and how a client that comes there becomes a connection. */
final class ListenerSet {
  private static final Logger LOG = System.getLogger(ListenerSet.class.getName());
  private static final int BACKLOG = 1024;

  private final ServerContext server;
  private final Set<Listener> listeners = new LinkedHashSet<>();

  ListenerSet(ServerContext server) {
    this.server = server;
  }

  CompletionStage<NbdListener> listen(NbdAddress address, TlsPolicy tls) {
    return switch (address) {
      case NbdAddress.Unix unix -> listenUnix(unix, tls);
      case NbdAddress.Tcp tcp -> listenTcp(tcp, tls);
    };
  }

  /** Closes all. */
  void close() {
    new ArrayList<>(listeners).forEach(Listener::close);
  }

  private CompletionStage<NbdListener> listenTcp(NbdAddress.Tcp address, TlsPolicy tls) {
    CompletableFuture<NbdListener> listening = new CompletableFuture<>();
    bootstrap(EpollServerSocketChannel.class, tls)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .bind(address.address())
        .addListener(
            (ChannelFuture bound) -> {
              if (bound.isSuccess()) {
                InetSocketAddress actual = (InetSocketAddress) bound.channel().localAddress();
                add(new Listener(bound.channel(), new NbdAddress.Tcp(actual), () -> {}), listening);
              } else {
                listening.completeExceptionally(failure(address, bound.cause()));
              }
            });
    return listening;
  }

  private CompletionStage<NbdListener> listenUnix(NbdAddress.Unix address, TlsPolicy tls) {
    CompletableFuture<NbdListener> listening = new CompletableFuture<>();
    UnixSocketFile file = new UnixSocketFile(address);
    try {
      file.prepare();
    } catch (IOException e) {
      return CompletableFuture.failedStage(e);
    }
    bootstrap(EpollServerDomainSocketChannel.class, tls)
        .bind(new DomainSocketAddress(file.temporary().toFile()))
        .addListener(
            (ChannelFuture bound) -> {
              if (!bound.isSuccess()) {
                listening.completeExceptionally(failure(address, bound.cause()));
                return;
              }
              try {
                file.publish();
                add(new Listener(bound.channel(), address, file::remove), listening);
              } catch (IOException e) {
                close(bound.channel());
                listening.completeExceptionally(failure(address, e));
              }
            });
    return listening;
  }

  private void add(Listener listener, CompletableFuture<NbdListener> listening) {
    listeners.add(listener);
    listening.complete(listener);
  }

  private static IOException failure(NbdAddress address, Throwable cause) {
    return new IOException("cannot listen on %s: %s".formatted(address, cause.getMessage()), cause);
  }

  private ServerBootstrap bootstrap(Class<? extends ServerChannel> type, TlsPolicy tls) {
    return new ServerBootstrap()
        .group(server.loop().eventLoop())
        .channel(type)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                accept(channel, tls);
              }
            });
  }

  private void accept(Channel channel, TlsPolicy tls) {
    int limit = server.options().maxConnections();
    String client = describe(channel);
    if (server.connections().size() >= limit) {
      LOG.log(
          Level.DEBUG,
          () -> "nbd client %s: hung up: limit of %d connections".formatted(client, limit));
      close(channel);
      return;
    }
    NbdServer.configure(channel, server.options());
    channel.pipeline().addLast(Connection.accepted(server, channel, tls, client));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // there is nothing to do if it fails
  private static void close(Channel channel) {
    channel.close();
  }

  private static String describe(Channel channel) {
    if (channel instanceof EpollDomainSocketChannel unix) {
      try {
        PeerCredentials peer = unix.peerCredentials();
        return "unix:pid=%d,uid=%d".formatted(peer.pid(), peer.uid());
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "peer credentials are not known", e);
        return "unix";
      }
    }
    return channel.remoteAddress() instanceof InetSocketAddress remote
        ? "tcp:%s:%d".formatted(remote.getHostString(), remote.getPort())
        : "tcp";
  }

  private final class Listener implements NbdListener {
    private final Channel channel;
    private final NbdAddress address;
    private final Runnable cleanUp;

    Listener(Channel channel, NbdAddress address, Runnable cleanUp) {
      this.channel = channel;
      this.address = address;
      this.cleanUp = cleanUp;
    }

    @Override
    public NbdAddress address() {
      return address;
    }

    @Override
    public void close() {
      server
          .loop()
          .execute(
              () -> {
                if (listeners.remove(this)) {
                  cleanUp.run();
                  ListenerSet.close(channel);
                }
              });
    }
  }
}
