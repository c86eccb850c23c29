package io.jdrbd.control;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One client of the control socket. The next request is read when the reply to the one before has
 * left; events are dropped, and the client with them, when too many of them wait.
 */
final class ControlSession extends SimpleChannelInboundHandler<ByteBuf> {
  private static final System.Logger LOG = System.getLogger(ControlSession.class.getName());
  private static final long GOODBYE_MS = 2_000;
  private static final long NO_ID = 0;

  private final RequestHandler handler;

  /** Lines that were read with others; as many as one read can bring. */
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();

  private boolean busy;
  private Optional<Channel> subscribed = Optional.empty();

  ControlSession(RequestHandler handler) {
    this.handler = handler;
  }

  /** Says why and hangs up. */
  static void turnAway(Channel channel, String reason) {
    byte[] line = JsonText.write(new Reply.Failed(reason).toJson(NO_ID));
    hangUpAfter(
        channel, channel.writeAndFlush(Unpooled.wrappedBuffer(ControlServer.withLineFeed(line))));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf line) {
    waiting.add(ByteBufUtil.getBytes(line));
    next(context);
  }

  /** Begins with the next request unless there is one under way; reads on when there is none. */
  private void next(ChannelHandlerContext context) {
    if (!busy && !waiting.isEmpty()) {
      busy = true;
      begin(context, waiting.remove());
    }
    context.channel().config().setAutoRead(!busy);
  }

  private void begin(ChannelHandlerContext context, byte[] line) {
    Request request;
    try {
      request = Request.parse(line);
    } catch (JsonException e) {
      reply(context, NO_ID, new Reply.Failed(e.getMessage()));
      return;
    }
    if (request.command().equals("events")) {
      subscribe(context, request.id());
    } else {
      handle(context, request);
    }
  }

  private void handle(ChannelHandlerContext context, Request request) {
    try {
      handler
          .handle(request)
          .whenComplete(
              (reply, error) ->
                  reply(context, request.id(), error == null ? reply : internal(request, error)));
    } catch (JsonException | IllegalArgumentException e) {
      reply(context, request.id(), new Reply.Failed(request.command() + ": " + e.getMessage()));
    }
  }

  private static Reply internal(Request request, Throwable error) {
    LOG.log(System.Logger.Level.ERROR, "request " + request.command() + " failed", error);
    return new Reply.Failed("the daemon failed: " + error);
  }

  private void subscribe(ChannelHandlerContext context, long id) {
    reply(context, id, Reply.data(Json.Obj.empty()));
    subscribed = Optional.of(context.channel());
    handler
        .resources()
        .forEach(resource -> event(JsonText.write(new Event.Changed(resource).toJson())));
    event(JsonText.write(new Event.InitialStateDone().toJson()));
  }

  /** Sends an event if the client wants events. */
  void event(byte[] line) {
    subscribed.ifPresent(channel -> event(channel, line));
  }

  private void event(Channel channel, byte[] line) {
    var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(ControlServer.withLineFeed(line)));
    if (!channel.isWritable()) {
      subscribed = Optional.empty();
      LOG.log(
          System.Logger.Level.WARNING,
          "a client of the event stream does not read; it is cut off with {0} bytes waiting",
          Long.toString(channel.bytesBeforeWritable()));
      byte[] last = JsonText.write(new Event.Overrun().toJson());
      hangUpAfter(
          channel, channel.writeAndFlush(Unpooled.wrappedBuffer(ControlServer.withLineFeed(last))));
    }
  }

  private void reply(ChannelHandlerContext context, long id, Reply reply) {
    byte[] line = JsonText.write(reply.toJson(id));
    context
        .writeAndFlush(Unpooled.wrappedBuffer(ControlServer.withLineFeed(line)))
        .addListener(sent -> context.executor().execute(() -> ended(context)));
  }

  private void ended(ChannelHandlerContext context) {
    busy = false;
    next(context);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    switch (cause) {
      case TooLongFrameException tooLong ->
          turnAway(
              context.channel(),
              "request of more than %d bytes".formatted(Limits.REQUEST_BYTES_MAX));
      case IOException gone -> close(context);
      default -> {
        LOG.log(System.Logger.Level.ERROR, "control connection", cause);
        close(context);
      }
    }
  }

  private static void close(ChannelHandlerContext context) {
    var _ = context.close();
  }

  private static void hangUpAfter(Channel channel, ChannelFuture sent) {
    sent.addListener(ChannelFutureListener.CLOSE);
    var limit =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  var _ = channel.close();
                },
                GOODBYE_MS,
                TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> limit.cancel(false));
  }
}
