package io.jdrbd.connection;

import io.jdrbd.loop.Loop;
import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.transport.PeerLink;
import io.jdrbd.transport.StreamEnd;
import io.jdrbd.wire.HandshakePacket;
import io.jdrbd.wire.HeaderFormat;
import io.jdrbd.wire.KeepalivePacket;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.StreamKind;
import io.jdrbd.wire.WireDialect;
import io.jdrbd.wire.WireException;
import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

/**
 * A connection as long as its two streams stand. Does the handshake up to P_PROTOCOL, answers every
 * ping at once, watches the peer, and hands all other packets on.
 */
public final class PeerSession {
  /**
   * A peer that refuses closes both streams at once; what it has said of itself is still in the
   * data stream then, and this node has to come to the same verdict.
   */
  private static final long NEGOTIATION_GRACE_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Loop loop;
  private final PeerLink link;
  private final SessionListener listener;
  private final PacketChannel data;
  private final PacketChannel control;
  private final Handshake handshake;
  private final Keepalive keepalive;
  private boolean protocolCame;
  private boolean closed;

  /**
   * @param link both streams; from now on the session's
   * @param random for challenges
   */
  public PeerSession(
      Loop loop,
      PeerLink link,
      SessionSettings settings,
      SecureRandom random,
      SessionListener listener) {
    this.loop = loop;
    this.link = link;
    this.listener = listener;
    this.data = new PacketChannel(link.data(), StreamKind.DATA, new DataPackets());
    this.control = new PacketChannel(link.control(), StreamKind.CONTROL, new ControlPackets());
    this.handshake = new Handshake(this, settings, random);
    this.keepalive = new Keepalive(this, loop, settings);
  }

  /** Begins. */
  public void start() {
    keepalive.start();
    handshake.start();
    data.open();
    control.open();
  }

  /** Whether this node has the rights of the one that accepted the control stream. */
  public boolean resolvesConflicts() {
    return link.resolveConflicts();
  }

  /** What is spoken in the sending direction. */
  public WireDialect dialect() {
    return data.sendDialect();
  }

  /** The digest before bulk data has another size from now on, in what is sent. */
  public void sendDigestBytes(int bytes) {
    data.sendDialect(data.sendDialect().withDigestBytes(bytes));
  }

  /** The digest before bulk data has another size from now on, in what arrives. */
  public void receiveDigestBytes(int bytes) {
    data.receiveDialect(data.receiveDialect().withDigestBytes(bytes));
  }

  /** Sends a packet on the stream that it belongs to. */
  public void send(int volume, Packet packet) {
    if (!closed) {
      channel(packet.command().stream()).send(volume, packet);
    }
  }

  /** Sends a packet about the connection as a whole. */
  public void send(Packet packet) {
    send(HeaderFormat.NO_VOLUME, packet);
  }

  /** An empty buffer of a stream, for the hot ways of encoding. */
  public ByteBuf scratch(StreamKind stream) {
    return channel(stream).scratch();
  }

  /** Sends what was written into {@link #scratch}. */
  public void sendScratch(StreamKind stream) {
    channel(stream).sendScratch();
  }

  /**
   * Sends what was written into {@link #scratch} of the data stream, and bulk data behind it.
   *
   * @param bulk the reference is taken over
   */
  public void sendScratch(ByteBuf bulk) {
    data.sendScratch(bulk);
  }

  /** Whether the data stream takes more without waiting. */
  public boolean isWritable() {
    return !closed && data.isWritable();
  }

  /**
   * Calls back, later, when the socket has taken everything that was sent on the data stream until
   * now; never, if the session ends before.
   */
  public void whenSent(Runnable then) {
    if (!closed) {
      link.data().whenSent(then);
    }
  }

  /** Nothing more is taken from the data stream. */
  public void holdData() {
    data.hold();
  }

  /** Ends a hold of the data stream. */
  public void releaseData() {
    if (!closed) {
      data.release();
    }
  }

  /** Takes bulk data of the packet in hand; see {@link PacketChannel#receiveBulk}. */
  public void receiveBulk(ByteBuf target, int bytes, Continuation then, Runnable dropped) {
    data.receiveBulk(target, bytes, then, dropped);
  }

  /** Drops bulk data of the packet in hand. */
  public void skipBulk(int bytes, Runnable then) {
    data.skipBulk(bytes, then);
  }

  /**
   * Pings the peer: what was sent before on the control stream has been processed there when the
   * answer comes.
   */
  public void ping(Runnable answered) {
    keepalive.ping(answered);
  }

  /** No read from the data stream is limited in time any more: the peer is known to be there. */
  public void negotiated() {
    handshake.negotiated();
  }

  /** The same, but whether there will be a connection is not decided yet. */
  public void awaitAgreement() {
    handshake.awaitAgreement();
  }

  /** Whether it is over. */
  public boolean isClosed() {
    return closed;
  }

  /** Ends it, and tells why. */
  public void end(ConnectionState state, String text) {
    end(new SessionEnd(state, false, text));
  }

  void end(SessionEnd end) {
    if (close()) {
      link.close();
      loop.execute(() -> listener.ended(end));
    }
  }

  /** Ends it when all is sent, and tells why. */
  public void endWhenSent(ConnectionState state, String text) {
    if (close()) {
      link.closeWhenSent();
      loop.execute(() -> listener.ended(new SessionEnd(state, false, text)));
    }
  }

  private boolean close() {
    if (closed) {
      return false;
    }
    closed = true;
    keepalive.stop();
    handshake.stop();
    data.close();
    control.close();
    return true;
  }

  private PacketChannel channel(StreamKind stream) {
    return stream == StreamKind.DATA ? data : control;
  }

  PacketChannel dataChannel() {
    return data;
  }

  Loop loop() {
    return loop;
  }

  /** Both streams speak the agreed dialect from now on. */
  void speak(WireDialect dialect) {
    data.sendDialect(dialect);
    data.receiveDialect(dialect);
    control.sendDialect(dialect);
    control.receiveDialect(dialect);
  }

  void agreed(WireDialect dialect) {
    listener.agreed(dialect);
  }

  /** For how long the data stream has not taken anything, in nanoseconds. */
  long dataStalledNs() {
    return link.data().sendStalledNs();
  }

  long controlStalledNs() {
    return link.control().sendStalledNs();
  }

  void sendNow(Packet packet) {
    send(packet);
    control.flush();
  }

  /** What arrives on the data stream. */
  private final class DataPackets implements PacketHandler {
    @Override
    public void packet(int volume, Packet packet) throws WireException, ProtocolViolation {
      if (!handshake.isDone()) {
        handshake.packet(packet);
      } else if (packet instanceof HandshakePacket.Protocol first) {
        firstProtocol(first);
      } else if (!protocolCame) {
        throw new ProtocolViolation(packet.command() + " before P_PROTOCOL");
      } else if (packet instanceof HandshakePacket.ProtocolUpdate update) {
        listener.protocol(update.settings(), true);
      } else if (!(packet instanceof KeepalivePacket)) {
        listener.data(volume, packet);
      }
    }

    private void firstProtocol(HandshakePacket.Protocol packet) throws ProtocolViolation {
      if (protocolCame) {
        throw new ProtocolViolation(packet.command() + " for a second time");
      }
      protocolCame = true;
      listener.protocol(packet.settings(), false);
    }

    @Override
    public void alive() {
      handshake.alive();
    }

    @Override
    public void writable() {
      listener.writable();
    }

    @Override
    public void wrong(String what) {
      if (handshake.isDone()) {
        end(ConnectionState.PROTOCOL_ERROR, what);
      } else {
        end(SessionEnd.retry(what));
      }
    }

    @Override
    public void ended(StreamEnd end) {
      streamEnded(ConnectionState.BROKEN_PIPE, "data stream: " + end.text());
    }
  }

  /** What arrives on the control stream. */
  private final class ControlPackets implements PacketHandler {
    @Override
    public void packet(int volume, Packet packet) throws WireException, ProtocolViolation {
      switch (packet) {
        case KeepalivePacket.Ping ignored -> sendNow(new KeepalivePacket.PingAck());
        case KeepalivePacket.PingAck ignored -> keepalive.answered();
        case KeepalivePacket.DelayProbe ignored -> {
          // of old tests; nobody answers
        }
        default -> {
          if (!handshake.isDone()) {
            throw new ProtocolViolation(packet.command() + " before the handshake is over");
          }
          listener.control(volume, packet);
        }
      }
    }

    @Override
    public void alive() {
      keepalive.alive();
    }

    @Override
    public void wrong(String what) {
      end(ConnectionState.NETWORK_FAILURE, what);
    }

    @Override
    public void ended(StreamEnd end) {
      String text = "control stream: " + end.text();
      if (handshake.isNegotiating()) {
        loop.schedule(
            NEGOTIATION_GRACE_NS, () -> streamEnded(ConnectionState.NETWORK_FAILURE, text));
      } else {
        streamEnded(ConnectionState.NETWORK_FAILURE, text);
      }
    }
  }

  private void streamEnded(ConnectionState reason, String text) {
    end(handshake.isDone() ? new SessionEnd(reason, false, text) : SessionEnd.retry(text));
  }
}
