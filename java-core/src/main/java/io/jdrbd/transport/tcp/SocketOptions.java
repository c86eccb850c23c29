package io.jdrbd.transport.tcp;

import io.jdrbd.transport.StreamKind;
import io.jdrbd.transport.TransportOptions;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** What is set on sockets (spec 1.4.7). */
final class SocketOptions {
  private static final Logger LOG = System.getLogger(SocketOptions.class.getName());

  private static final int SOL_SOCKET = 1;
  private static final ChannelOption<Integer> SO_PRIORITY = socketOption("SO_PRIORITY", 12);
  private static final ChannelOption<Integer> SO_SNDBUFFORCE = socketOption("SO_SNDBUFFORCE", 32);
  private static final ChannelOption<Integer> SO_RCVBUFFORCE = socketOption("SO_RCVBUFFORCE", 33);

  private static final int PRIORITY_INTERACTIVE_BULK = 4;
  private static final int PRIORITY_INTERACTIVE = 6;

  private static final int KEEPALIVE_S = 23;
  private static final int KEEPALIVE_PROBES = 9;

  /** The kernel doubles what it is told, for its own bookkeeping; DRBD's value is the result. */
  private static final int KERNEL_DOUBLES = 2;

  private SocketOptions() {}

  private static ChannelOption<Integer> socketOption(String name, int number) {
    return new IntegerUnixChannelOption(name, SOL_SOCKET, number);
  }

  /** Every socket of a connection, as soon as there is one. */
  static void ofSocket(ChannelConfig config, TransportOptions options) {
    config.setOption(ChannelOption.TCP_NODELAY, true);
    config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    config.setOption(
        ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(options.connectIntNs() / 1_000_000));
    int high = options.sendQueueBytes();
    config.setWriteBufferWaterMark(new WriteBufferWaterMark(high / 2, high));
    bufferSizes(config, options);
  }

  /** Sizes that sockets inherit from their listener. */
  static void bufferSizes(ChannelConfig config, TransportOptions options) {
    if (options.sndbufBytes() > 0) {
      size(config, SO_SNDBUFFORCE, ChannelOption.SO_SNDBUF, options.sndbufBytes());
    }
    if (options.rcvbufBytes() > 0) {
      size(config, SO_RCVBUFFORCE, ChannelOption.SO_RCVBUF, options.rcvbufBytes());
    }
  }

  private static void size(
      ChannelConfig config,
      ChannelOption<Integer> beyondLimit,
      ChannelOption<Integer> withinLimit,
      int bytes) {
    int told = Math.max(1, bytes / KERNEL_DOUBLES);
    try {
      config.setOption(beyondLimit, told);
    } catch (ChannelException e) {
      LOG.log(Level.DEBUG, "socket buffers stay within net.core.*mem_max without CAP_NET_ADMIN", e);
      config.setOption(withinLimit, told);
    }
  }

  /** A socket whose stream is known. */
  static void ofStream(ChannelConfig config, StreamKind kind) {
    switch (kind) {
      case DATA -> {
        config.setOption(SO_PRIORITY, PRIORITY_INTERACTIVE_BULK);
        config.setOption(ChannelOption.SO_KEEPALIVE, true);
        config.setOption(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_S);
        config.setOption(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_S);
        config.setOption(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
      }
      case CONTROL -> config.setOption(SO_PRIORITY, PRIORITY_INTERACTIVE);
    }
  }
}
