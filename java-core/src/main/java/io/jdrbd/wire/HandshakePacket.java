package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/** From the first bytes of a socket to P_PROTOCOL, and the refusal (spec 1.4.1, 1.6 to 1.8). */
public sealed interface HandshakePacket extends Packet {

  /** The first packet of the data socket, sent by the node that dialled it. */
  record InitialData() implements HandshakePacket {
    @Override
    public Command command() {
      return Command.P_INITIAL_DATA;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {}
  }

  /** The first packet of the control socket, sent by the node that dialled it. */
  record InitialMeta() implements HandshakePacket {
    @Override
    public Command command() {
      return Command.P_INITIAL_META;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {}
  }

  /**
   * What a node speaks (spec 1.6).
   *
   * @param protocolMin the lowest version it speaks
   * @param featureFlags the bits of {@link Feature}
   * @param protocolMax the highest version it speaks; 0 means {@code protocolMin}
   * @param senderNodeId the sender; meaningless from 8.4, so not checked here
   * @param receiverNodeId whom the sender believes to talk to; meaningless from 8.4
   */
  record ConnectionFeatures(
      int protocolMin, int featureFlags, int protocolMax, int senderNodeId, int receiverNodeId)
      implements HandshakePacket {
    private static final int RESERVED_BYTES = 52;

    static ConnectionFeatures read(ByteBuf in) {
      ConnectionFeatures features =
          new ConnectionFeatures(
              in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt());
      in.skipBytes(RESERVED_BYTES);
      return features;
    }

    @Override
    public Command command() {
      return Command.P_CONNECTION_FEATURES;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeInt(protocolMin)
          .writeInt(featureFlags)
          .writeInt(protocolMax)
          .writeInt(senderNodeId)
          .writeInt(receiverNodeId)
          .writeZero(RESERVED_BYTES);
    }
  }

  /** 64 random bytes that the peer must answer with their HMAC (spec 1.7). */
  record AuthChallenge(OpaqueBytes challenge) implements HandshakePacket {
    @Override
    public Command command() {
      return Command.P_AUTH_CHALLENGE;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      challenge.write(out);
    }
  }

  /** The HMAC of the challenge; as long as the hash (spec 1.7). */
  record AuthResponse(OpaqueBytes response) implements HandshakePacket {
    @Override
    public Command command() {
      return Command.P_AUTH_RESPONSE;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      response.write(out);
    }
  }

  /** The settings that both nodes must have alike (spec 1.8). */
  record Protocol(ProtocolSettings settings) implements HandshakePacket {
    @Override
    public Command command() {
      return Command.P_PROTOCOL;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      settings.write(out, dialect);
    }
  }

  /** New settings on an established connection; what follows obeys them (spec 1.8.3). */
  record ProtocolUpdate(ProtocolSettings settings) implements HandshakePacket {
    @Override
    public Command command() {
      return Command.P_PROTOCOL_UPDATE;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      settings.write(out, dialect);
    }
  }

  /** The connect was refused for good; the receiver goes to StandAlone too (spec 1.12.3). */
  record Disconnect() implements HandshakePacket {
    @Override
    public Command command() {
      return Command.P_DISCONNECT;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {}
  }
}
