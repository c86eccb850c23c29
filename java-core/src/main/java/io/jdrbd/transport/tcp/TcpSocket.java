package io.jdrbd.transport.tcp;

import io.jdrbd.buffer.ReadTarget;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.loop.Loop;
import io.jdrbd.transport.StreamEnd;
import io.jdrbd.transport.StreamKind;
import io.jdrbd.transport.StreamListener;
import io.jdrbd.transport.TransportOptions;
import io.jdrbd.transport.connect.PeerSocket;
import io.jdrbd.transport.connect.StreamInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;

/** A TCP socket as a stream. Used on its loop. */
final class TcpSocket extends ChannelInboundHandlerAdapter implements PeerSocket {
  private static final Logger LOG = System.getLogger(TcpSocket.class.getName());

  /** The state of a TCP connection that neither side has closed. */
  private static final int TCP_ESTABLISHED = 1;

  /** For how long a socket that is to be closed waits for the peer. */
  private static final long CLOSE_GRACE_NS = TimeUnit.SECONDS.toNanos(2);

  /** More than this many times the send queue's limit is not kept, whoever sends it. */
  private static final int SEND_QUEUES_MAX = 16;

  private final EpollLoop loop;
  private final EpollSocketChannel channel;
  private final Inbound inbound;
  private final Outbound outbound;
  private final long unsentBytesMax;
  private final StreamInput input;
  private final Runnable tellWritable = this::tellWritable;

  private boolean reading = true;
  private boolean closing;
  private boolean closed;
  private long lastReceivedNs;

  TcpSocket(EpollLoop loop, EpollSocketChannel channel, TransportOptions options) {
    this.loop = loop;
    this.channel = channel;
    this.inbound = new Inbound(channel.alloc());
    this.input = new StreamInput(loop, inbound::inbox, this::settle);
    this.outbound = new Outbound(loop, channel, options.tcpCork());
    this.unsentBytesMax = (long) SEND_QUEUES_MAX * options.sendQueueBytes();
    this.lastReceivedNs = loop.nanoTime();
    channel.config().setRecvByteBufAllocator(new ReadTarget(inbound::next));
    channel.pipeline().addLast(this);
    SocketOptions.ofSocket(channel.config(), options);
  }

  @Override
  public InetAddress remoteAddress() {
    return channel.remoteAddress().getAddress();
  }

  @Override
  public boolean isEstablished() {
    if (closed || input.hasEnded() || !channel.isActive()) {
      return false;
    }
    EpollTcpInfo info = new EpollTcpInfo();
    channel.tcpInfo(info);
    return info.state() == TCP_ESTABLISHED;
  }

  @Override
  public void become(StreamKind kind) {
    if (channel.isActive()) {
      SocketOptions.ofStream(channel.config(), kind);
    }
  }

  @Override
  public void open(StreamListener listener) {
    input.open(listener);
  }

  @Override
  public void receive(ByteBuf target, int lengthBytes) {
    input.receive(target, lengthBytes);
  }

  @Override
  public void skip(long lengthBytes) {
    input.skip(lengthBytes);
  }

  /** Where the next bytes go, and whether they are read at all. */
  private void settle() {
    if (closed) {
      return;
    }
    inbound.expect(input.demand());
    boolean wanted = closing || input.wantsBytes();
    if (wanted != reading) {
      reading = wanted;
      channel.config().setAutoRead(wanted);
    }
  }

  @Override
  public long lastReceivedNs() {
    return lastReceivedNs;
  }

  @Override
  public void send(ByteBuf packet) {
    if (maySend()) {
      outbound.send(packet);
    }
  }

  @Override
  public void send(ByteBuf head, ByteBuf bulk) {
    if (maySend()) {
      outbound.send(head, bulk);
    } else {
      bulk.release();
    }
  }

  private boolean maySend() {
    if (outbound.unsentBytes() > unsentBytesMax) {
      end(
          new StreamEnd(
              StreamEnd.Kind.FAILED,
              "%d bytes wait to be sent, the limit is %d"
                  .formatted(outbound.unsentBytes(), unsentBytesMax)));
    }
    return !closed && !closing && !input.hasEnded();
  }

  @Override
  public void flush() {
    outbound.flush();
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public void whenSent(Runnable then) {
    if (maySend()) {
      outbound.whenSent(then);
    }
  }

  @Override
  public long unsentBytes() {
    return outbound.unsentBytes();
  }

  @Override
  public long sendStalledNs() {
    return outbound.stalledNs(loop.nanoTime());
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // there is nothing to do if it fails
  public void close() {
    if (!closed) {
      closed = true;
      detach();
      outbound.close();
      channel.config().setAutoRead(false);
      channel.close();
      inbound.close();
    }
  }

  private void detach() {
    input.close();
    inbound.expectNothing();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // failures end in exceptionCaught, which closes
  public void closeWhenSent() {
    if (closed || closing) {
      return;
    }
    if (input.hasEnded()) {
      close();
      return;
    }
    outbound.flush();
    closing = true;
    detach();
    inbound.inbox().clear();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> channel.shutdownOutput());
    Loop.Timer timer = loop.schedule(CLOSE_GRACE_NS, this::close);
    channel.closeFuture().addListener(done -> timer.cancel());
    settle();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    lastReceivedNs = loop.nanoTime();
    if (closed) {
      ((ByteBuf) message).release();
      return;
    }
    inbound.arrived((ByteBuf) message, input.demand());
    if (closing) {
      inbound.inbox().clear();
    } else if (input.demand().isOpen() || inbound.inbox().isReadable()) {
      input.arrived();
    } else {
      input.completed();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      loop.execute(tellWritable);
    }
  }

  private void tellWritable() {
    if (!closed && channel.isWritable()) {
      input.tellWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      end(StreamEnd.CLOSED);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(new StreamEnd(StreamEnd.Kind.FAILED, "the socket was closed"));
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // there is nothing to do if it fails
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.log(Level.ERROR, "unexpected failure of a stream", cause);
    }
    end(SocketErrors.end(cause));
    channel.close();
  }

  private void end(StreamEnd how) {
    if (closing) {
      close();
    } else if (!closed) {
      input.end(how);
    }
  }
}
