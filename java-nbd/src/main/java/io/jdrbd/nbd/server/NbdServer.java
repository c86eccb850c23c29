package io.jdrbd.nbd.server;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.export.Export;
import io.jdrbd.export.Export.Access;
import io.jdrbd.export.ExportSession;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.loop.Loop;
import io.jdrbd.nbd.protocol.ExportInfo;
import io.jdrbd.nbd.protocol.ReplyMode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Offers exports by the NBD protocol: on sockets that it listens on, and on connected sockets that
 * it is handed. Everything runs on one loop, which must be that of the exports too. Unless said
 * otherwise, methods are called on that loop, and what they answer arrives on it.
 */
public final class NbdServer {
  private static final long CLOSE_GRACE_NS = TimeUnit.SECONDS.toNanos(5);

  private final ServerContext context;
  private final ExecutorService tlsWork;
  private final ListenerSet listeners;
  private Optional<Loop.Timer> stallTimer = Optional.empty();

  /**
   * A server that listens nowhere yet. May be called on any thread.
   *
   * @param pool where the payload of requests lives; its size bounds how much is in flight
   * @param listener is told of clients that come and go
   */
  public NbdServer(
      EpollLoop loop, BufferPool pool, NbdServerOptions options, ClientListener listener) {
    this.tlsWork =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("nbd-tls").daemon(true).factory());
    this.context =
        new ServerContext(
            loop,
            pool,
            options,
            new ExportRegistry(loop),
            listener,
            new LinkedHashSet<>(),
            tlsWork);
    this.listeners = new ListenerSet(context);
    if (options.stalledTimeoutNs() > 0) {
      loop.execute(this::watchStalls);
    }
  }

  /** What is offered; exports may be added and removed at any time. */
  public ExportRegistry exports() {
    return context.registry();
  }

  /**
   * Listens on an address. May be called on any thread.
   *
   * @param tls whether clients speak TLS there
   * @return the listener, or an {@link java.io.IOException} that says why not: a Unix socket that
   *     another process listens on, a path that is not a socket, a port that is taken. A socket
   *     file that nobody listens on is replaced.
   */
  public CompletionStage<NbdListener> listen(NbdAddress address, TlsPolicy tls) {
    return listeners.listen(address, tls);
  }

  /**
   * Serves a connected Unix socket that begins with the transmission phase: compact requests and
   * simple replies, no handshake. This is how the kernel's {@code /dev/nbdX} is served: one end of
   * a socket pair comes here, the kernel gets the other and what {@link ServedSocket#info} says.
   * Several sockets for one device are several calls.
   *
   * @param fd the socket, non-blocking; taken over, and closed with the connection or when this
   *     fails
   * @param export need not be in the registry; if it is, it is counted and removed with it
   * @param access what to open the export for; {@link Access#READ_ONLY} makes the flags say so
   * @param client who uses the other end, for logs and status: {@code kernel:/dev/nbd0}
   * @return done when the export is open and requests are answered; fails as {@link Export#open}
   *     does
   */
  public CompletionStage<ServedSocket> serve(int fd, Export export, Access access, String client) {
    EpollDomainSocketChannel channel = new EpollDomainSocketChannel(fd);
    configure(channel, context.options());
    OfferedExport offered =
        context
            .registry()
            .find(export.name())
            .filter(known -> known.export().equals(export))
            .orElseGet(() -> new OfferedExport(export));
    CompletableFuture<ServedSocket> served = new CompletableFuture<>();
    export
        .open(access, client)
        .whenComplete(
            (session, failure) ->
                context
                    .loop()
                    .execute(
                        () -> {
                          if (failure == null) {
                            adopt(channel, offered, session, access, client, served);
                          } else {
                            channel.unsafe().closeForcibly();
                            served.completeExceptionally(failure);
                          }
                        }));
    return served;
  }

  /** All clients that have opened an export. */
  public List<ClientInfo> clients() {
    return context.connections().stream()
        .flatMap(connection -> connection.clientInfo().stream())
        .toList();
  }

  /**
   * Stops listening, removes all exports, and ends all connections as {@link ExportRegistry#remove}
   * does; those whose client does not take its replies are cut off after five seconds.
   *
   * @return done when the last session is closed
   */
  public CompletionStage<Void> close() {
    listeners.close();
    stallTimer.ifPresent(Loop.Timer::cancel);
    String reason = "the server is shutting down";
    new ArrayList<>(context.connections()).forEach(connection -> connection.drain(reason));
    Loop.Timer cutOff =
        context
            .loop()
            .schedule(
                CLOSE_GRACE_NS,
                () ->
                    new ArrayList<>(context.connections())
                        .forEach(connection -> connection.hangUp(reason)));
    return context
        .registry()
        .removeAll()
        .whenComplete(
            (nothing, failure) -> {
              cutOff.cancel();
              tlsWork.shutdown();
            });
  }

  static void configure(Channel channel, NbdServerOptions options) {
    int high = options.maxUnsentBytes();
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(high / 2, high));
  }

  private void adopt(
      EpollDomainSocketChannel channel,
      OfferedExport offered,
      ExportSession session,
      Access access,
      String client,
      CompletableFuture<ServedSocket> served) {
    boolean readOnly = access == Access.READ_ONLY || offered.export().readOnly();
    Connection connection =
        Connection.adopted(
            context,
            channel,
            client,
            active -> {
              offered.enter(active);
              active.enter(
                  offered, session, new Refusal.Agreement(ReplyMode.SIMPLE, readOnly, false));
            });
    channel.pipeline().addLast(connection);
    EventLoopGroup eventLoop = context.loop().eventLoop();
    eventLoop
        .register(channel)
        .addListener(
            registered -> {
              if (registered.isSuccess()) {
                served.complete(
                    new Served(
                        ExportInfo.of(session.disk().geometry(), readOnly, ReplyMode.SIMPLE),
                        connection));
              } else {
                context.connections().remove(connection);
                session.close();
                served.completeExceptionally(registered.cause());
              }
            });
  }

  private void watchStalls() {
    long limitNs = context.options().stalledTimeoutNs();
    long nowNs = context.loop().nanoTime();
    new ArrayList<>(context.connections()).forEach(connection -> connection.checkStall(nowNs));
    stallTimer = Optional.of(context.loop().schedule(Math.max(1, limitNs / 4), this::watchStalls));
  }

  private record Served(ExportInfo info, Connection connection) implements ServedSocket {
    @Override
    public CompletionStage<Void> ended() {
      return connection.ended();
    }

    @Override
    public void close() {
      connection.loop().execute(() -> connection.drain("closed by the server"));
    }
  }
}
