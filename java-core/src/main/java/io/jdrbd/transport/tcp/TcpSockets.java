package io.jdrbd.transport.tcp;

import io.jdrbd.loop.EpollLoop;
import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.TransportOptions;
import io.jdrbd.transport.connect.ListenException;
import io.jdrbd.transport.connect.PeerSocket;
import io.jdrbd.transport.connect.SocketLayer;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The kernel's TCP sockets. */
final class TcpSockets implements SocketLayer {
  private static final Logger LOG = System.getLogger(TcpSockets.class.getName());
  private static final int BACKLOG = 64;
  private static final int ANY_PORT = 0;

  /** How long nothing is accepted after that failed, for want of file descriptors perhaps. */
  private static final long ACCEPT_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

  private final EpollLoop loop;

  TcpSockets(EpollLoop loop) {
    this.loop = loop;
  }

  private EventLoopGroup eventLoop() {
    return loop.eventLoop();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // of closing: there is nothing to do if it fails
  public Listening listen(
      InetSocketAddress local, TransportOptions options, Consumer<PeerSocket> accepted)
      throws ListenException {
    EpollServerSocketChannel channel = new EpollServerSocketChannel();
    channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
    channel.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
    SocketOptions.bufferSizes(channel.config(), options);
    channel.pipeline().addLast(new Acceptor(channel, options, accepted));
    ChannelFuture bound = eventLoop().register(channel);
    if (bound.isSuccess()) {
      bound = channel.bind(local);
    }
    // On the loop both are done when they return.
    if (!bound.isSuccess()) {
      channel.close();
      throw SocketErrors.listen(local, bound.cause());
    }
    return channel::close;
  }

  @Override
  public Dialling dial(PathAddresses path, TransportOptions options, DialResult result) {
    EpollSocketChannel channel = new EpollSocketChannel();
    Call call = new Call(path, new TcpSocket(loop, channel, options), result);
    ChannelFuture registered = eventLoop().register(channel);
    ChannelFuture connected =
        registered.isSuccess()
            ? channel.connect(
                path.peer(), new InetSocketAddress(path.local().getAddress(), ANY_PORT))
            : registered;
    connected.addListener(done -> loop.execute(() -> call.ended(connected)));
    return call::abandon;
  }

  /** A call under way. */
  private static final class Call {
    private final PathAddresses path;
    private final TcpSocket socket;
    private final DialResult result;
    private boolean over;

    Call(PathAddresses path, TcpSocket socket, DialResult result) {
      this.path = path;
      this.socket = socket;
      this.result = result;
    }

    void ended(ChannelFuture connected) {
      if (over) {
        return;
      }
      over = true;
      if (connected.isSuccess()) {
        result.dialled(socket);
      } else {
        socket.close();
        result.dialFailed(SocketErrors.dial(path, connected.cause()));
      }
    }

    void abandon() {
      if (!over) {
        over = true;
        socket.close();
      }
    }
  }

  /** Takes what comes to a listener. */
  private final class Acceptor extends ChannelInboundHandlerAdapter {
    private final EpollServerSocketChannel listener;
    private final TransportOptions options;
    private final Consumer<PeerSocket> accepted;

    Acceptor(
        EpollServerSocketChannel listener,
        TransportOptions options,
        Consumer<PeerSocket> accepted) {
      this.listener = listener;
      this.options = options;
      this.accepted = accepted;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      EpollSocketChannel channel = (EpollSocketChannel) message;
      TcpSocket socket = new TcpSocket(loop, channel, options);
      if (eventLoop().register(channel).isSuccess() && listener.isOpen()) {
        accepted.accept(socket);
      } else {
        socket.close();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LOG.log(
          Level.WARNING,
          () ->
              "accepting on %s failed, next try in %d s: %s"
                  .formatted(
                      PathAddresses.text(listener.localAddress()),
                      TimeUnit.NANOSECONDS.toSeconds(ACCEPT_PAUSE_NS),
                      cause.getMessage()));
      listener.config().setAutoRead(false);
      loop.schedule(ACCEPT_PAUSE_NS, () -> listener.config().setAutoRead(true));
    }
  }
}
