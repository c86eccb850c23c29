package io.jdrbd.nbd.server;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.buffer.ReadTarget;
import io.jdrbd.export.ExportSession;
import io.jdrbd.loop.Loop;
import io.jdrbd.nbd.protocol.ProtocolException;
import io.jdrbd.nbd.protocol.ReplyMode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * One client's connection: feeds its {@link Phase} with what arrives, stops and resumes reading as
 * the phase wants, and ends it. Used on the server's loop.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = System.getLogger(Connection.class.getName());

  private final ServerContext server;
  private final Channel channel;
  private final TlsPolicy tlsPolicy;
  private final Inbound inbound;
  private final String address;
  private final Consumer<Connection> begin;
  private final StallWatch stallWatch = new StallWatch();

  private Phase phase;
  private Optional<OfferedExport> entered = Optional.empty();
  private Optional<SslHandler> tls = Optional.empty();
  private Optional<Loop.Timer> handshakeTimer = Optional.empty();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private String endReason = "client closed the connection";
  private boolean reading = true;
  private boolean consuming;
  private boolean inputEnded;
  private boolean closed;

  /**
   * A connection of a channel that is not registered yet.
   *
   * @param address who the client is, for people
   * @param begin is run when the channel is active, before anything is read
   */
  private Connection(
      ServerContext server,
      Channel channel,
      TlsPolicy tlsPolicy,
      String address,
      Consumer<Connection> begin) {
    this.begin = begin;
    this.server = server;
    this.channel = channel;
    this.tlsPolicy = tlsPolicy;
    this.address = address;
    this.inbound = new Inbound(channel.alloc());
    this.phase = new Negotiation(this);
    channel.config().setRecvByteBufAllocator(new ReadTarget(inbound::next));
    server.connections().add(this);
  }

  /** A client that begins with the handshake. */
  static Connection accepted(
      ServerContext server, Channel channel, TlsPolicy tlsPolicy, String address) {
    return new Connection(server, channel, tlsPolicy, address, Connection::beginHandshake);
  }

  /**
   * A client whose handshake has taken place elsewhere.
   *
   * @param begin must {@link #enter} an export
   */
  static Connection adopted(
      ServerContext server, Channel channel, String address, Consumer<Connection> begin) {
    return new Connection(server, channel, TlsPolicy.OFF, address, begin);
  }

  Loop loop() {
    return server.loop();
  }

  BufferPool pool() {
    return server.pool();
  }

  NbdServerOptions options() {
    return server.options();
  }

  ExportRegistry registry() {
    return server.registry();
  }

  TlsPolicy tlsPolicy() {
    return tlsPolicy;
  }

  Channel channel() {
    return channel;
  }

  Inbound inbound() {
    return inbound;
  }

  boolean isTls() {
    return tls.isPresent();
  }

  /** Whether nothing but STARTTLS may be asked for. */
  boolean mustStartTls() {
    return tlsPolicy instanceof TlsPolicy.Require && !isTls();
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether the client takes replies fast enough for more requests. */
  boolean isWritable() {
    return channel.isWritable();
  }

  /** Who the client is, for people. */
  String clientName() {
    return address + tls.map(Connection::certificateSubject).orElse("");
  }

  /** The client as the daemon's status shows it; empty until it has opened an export. */
  Optional<ClientInfo> clientInfo() {
    return phase instanceof Transmission transmission
        ? entered.map(
            offered ->
                new ClientInfo(
                    clientName(),
                    offered.export().name(),
                    transmission.agreement().readOnly(),
                    isTls(),
                    transmission.requestsInFlight()))
        : Optional.empty();
  }

  ReplyWriter replyWriter(ReplyMode mode) {
    return new ReplyWriter(channel.pipeline().context(this), loop(), mode);
  }

  /** Sends a message of the handshake; the reference is taken over. */
  @SuppressWarnings("FutureReturnValueIgnored") // failures reach exceptionCaught
  void send(ByteBuf message) {
    channel.writeAndFlush(message, channel.voidPromise());
  }

  /** Continues under TLS; what was sent before stays in the clear. */
  void startTls(TlsSettings settings) {
    SslHandler handler =
        new SslHandler(settings.context().newEngine(channel.alloc()), false, server.tlsWork());
    handler.setHandshakeTimeoutMillis(0);
    tls = Optional.of(handler);
    inbound.encrypted();
    channel.pipeline().addFirst(handler);
  }

  /** Ends the handshake: from now on the client uses the export. */
  void enter(OfferedExport offered, ExportSession session, Refusal.Agreement agreed) {
    handshakeTimer.ifPresent(Loop.Timer::cancel);
    entered = Optional.of(offered);
    phase = new Transmission(this, session, offered.counters(), agreed);
    clientInfo().ifPresent(server.listener()::opened);
    proceed();
  }

  /** Lets the phase consume what it can, and reads from the socket if it wants more. */
  void proceed() {
    if (consuming || closed) {
      return;
    }
    consuming = true;
    try {
      Phase before;
      do {
        before = phase;
        phase.consume(inbound.inbox());
      } while (phase != before);
    } catch (ProtocolException e) {
      hangUp(e.getMessage());
    } finally {
      consuming = false;
    }
    if (inputEnded && phase.wantsMore()) {
      drain("client closed its side of the connection");
    }
    setReading(!closed && phase.wantsMore());
  }

  /** Lets the phase go on if it was stopped. */
  void resume() {
    if (!reading) {
      proceed();
    }
  }

  /**
   * Takes no more requests; what is in flight is finished and answered, then the connection ends.
   */
  void drain(String reason) {
    endReason = reason;
    phase.drain();
  }

  /** Closes the channel when everything was sent. */
  @SuppressWarnings("FutureReturnValueIgnored") // failures reach exceptionCaught
  void closeWhenSent() {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Ends the connection at once. */
  @SuppressWarnings("FutureReturnValueIgnored") // failures reach exceptionCaught
  void hangUp(String reason) {
    if (!closed) {
      endReason = reason;
      LOG.log(Level.DEBUG, () -> "nbd client %s: hung up: %s".formatted(address, reason));
      channel.close();
    }
  }

  /** Hangs up if the client has taken nothing for too long. */
  void checkStall(long nowNs) {
    long limitNs = options().stalledTimeoutNs();
    if (stallWatch.stalledNs(channel, nowNs) >= limitNs) {
      hangUp("client took no reply for %d ms".formatted(limitNs / 1_000_000));
    }
  }

  /** The phase has nothing more to do and its session, if it had one, is closed. */
  void sessionClosed() {
    server.connections().remove(this);
    entered.ifPresent(
        offered -> {
          clientInfo().ifPresent(client -> server.listener().closed(client, endReason));
          offered.leave(this);
        });
    ended.complete(null);
  }

  /** Done when the channel and the session are closed. */
  CompletionStage<Void> ended() {
    return ended.minimalCompletionStage();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    begin.accept(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    inbound.arrived((ByteBuf) message, filling());
    proceed();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      phase.writable();
      resume();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      proceed();
    } else if (event instanceof SslHandshakeCompletionEvent completion && !completion.isSuccess()) {
      hangUp("TLS handshake failed: " + completion.cause().getMessage());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    closed = true;
    handshakeTimer.ifPresent(Loop.Timer::cancel);
    phase.closed();
    inbound.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!expected(cause)) {
      LOG.log(Level.ERROR, "nbd client %s: unexpected failure".formatted(address), cause);
    }
    hangUp(String.valueOf(cause.getMessage()));
  }

  private void beginHandshake() {
    long timeoutNs = options().handshakeTimeoutNs();
    if (timeoutNs > 0) {
      handshakeTimer =
          Optional.of(
              loop().schedule(timeoutNs, () -> hangUp("handshake was not finished in time")));
    }
    if (phase instanceof Negotiation negotiation) {
      negotiation.greet();
    }
  }

  private static boolean expected(Throwable cause) {
    return cause instanceof IOException || cause.getCause() instanceof SSLException;
  }

  private PooledBuffer filling() {
    return phase instanceof Transmission transmission ? transmission.filling() : PooledBuffer.NONE;
  }

  private void setReading(boolean wanted) {
    if (wanted != reading) {
      reading = wanted;
      channel.config().setAutoRead(wanted);
    }
  }

  private static String certificateSubject(SslHandler handler) {
    try {
      return " (%s)".formatted(handler.engine().getSession().getPeerPrincipal().getName());
    } catch (SSLPeerUnverifiedException e) {
      return "";
    }
  }
}
