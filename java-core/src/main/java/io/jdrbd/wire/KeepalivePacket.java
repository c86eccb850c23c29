package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;

/** Signs of life on the control stream (spec 1.11.2). */
public sealed interface KeepalivePacket extends Packet {

  /** Are you there? To be answered at once, whatever else goes on. */
  record Ping() implements KeepalivePacket {
    @Override
    public Command command() {
      return Command.P_PING;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {}
  }

  /** Yes; it may answer several pings. */
  record PingAck() implements KeepalivePacket {
    @Override
    public Command command() {
      return Command.P_PING_ACK;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {}
  }

  /** Of old tests, on either stream; its content means nothing and is written as zeroes. */
  record DelayProbe() implements KeepalivePacket {
    private static final int BYTES = 8;

    static DelayProbe read(ByteBuf in) {
      in.skipBytes(BYTES);
      return new DelayProbe();
    }

    @Override
    public Command command() {
      return Command.P_DELAY_PROBE;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeZero(BYTES);
    }
  }
}
