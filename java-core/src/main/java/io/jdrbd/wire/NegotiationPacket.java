package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** Settings and sizes of one volume (spec 1.9, 3.2, 6.11). */
public sealed interface NegotiationPacket extends Packet {

  /**
   * Settings of resync and verify up to version 88 (spec 1.9).
   *
   * @param resyncRate KiB/s
   * @param verifyAlg empty for none; from version 88 on
   */
  record SyncParam(int resyncRate, String verifyAlg) implements NegotiationPacket {
    static SyncParam read(ByteBuf in, int payloadBytes) throws WireException {
      int rate = in.readInt();
      int nameBytes = payloadBytes - Integer.BYTES;
      return new SyncParam(
          rate, nameBytes == 0 ? "" : Fields.readName(Command.P_SYNC_PARAM, in, nameBytes));
    }

    @Override
    public Command command() {
      return Command.P_SYNC_PARAM;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeInt(resyncRate);
      if (dialect.protocolVersion() >= 88) {
        Fields.writeName(out, verifyAlg, verifyAlg.length() + 1);
      }
    }
  }

  /**
   * Settings of resync and verify from version 89 on (spec 1.9).
   *
   * @param resyncRate KiB/s
   * @param verifyAlg empty for none
   * @param csumsAlg empty for none
   * @param rates on the wire from version 95 on
   */
  record SyncParam89(int resyncRate, String verifyAlg, String csumsAlg, ResyncRates rates)
      implements NegotiationPacket {
    private static final int NAME_BYTES = 64;

    static SyncParam89 read(ByteBuf in, WireDialect dialect) throws WireException {
      return new SyncParam89(
          in.readInt(),
          Fields.readName(Command.P_SYNC_PARAM89, in, NAME_BYTES),
          Fields.readName(Command.P_SYNC_PARAM89, in, NAME_BYTES),
          dialect.protocolVersion() >= 95
              ? new ResyncRates(in.readInt(), in.readInt(), in.readInt(), in.readInt())
              : ResyncRates.DEFAULT);
    }

    @Override
    public Command command() {
      return Command.P_SYNC_PARAM89;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeInt(resyncRate);
      Fields.writeName(out, verifyAlg, NAME_BYTES);
      Fields.writeName(out, csumsAlg, NAME_BYTES);
      if (dialect.protocolVersion() >= 95) {
        out.writeInt(rates.planAhead())
            .writeInt(rates.delayTarget())
            .writeInt(rates.fillTarget())
            .writeInt(rates.maxRate());
      }
    }
  }

  /**
   * The controller of the resync rate (spec 1.9).
   *
   * @param planAhead tenths of a second
   * @param delayTarget tenths of a second
   * @param fillTarget sectors
   * @param maxRate KiB/s
   */
  record ResyncRates(int planAhead, int delayTarget, int fillTarget, int maxRate) {
    /** What DRBD has where nothing is configured, and what a diskless node sends. */
    public static final ResyncRates DEFAULT = new ResyncRates(20, 10, 100, 102_400);
  }

  /**
   * How large the volume is here, and what the storage takes (spec 3.2.1).
   *
   * @param diskSectors what the storage can hold, 0 without a disk
   * @param userSectors what the administrator asked for, 0 for no wish
   * @param currentSectors what is exported, 0 for none yet
   * @param maxBioSize bytes of the largest request, unsigned
   * @param queueOrderType always 0
   * @param ddsFlags {@link #ASSUME_PEER_HAS_SPACE}, {@link #NO_RESYNC}
   * @param limits present exactly if {@link Feature#WSAME} is agreed
   */
  record Sizes(
      long diskSectors,
      long userSectors,
      long currentSectors,
      int maxBioSize,
      int queueOrderType,
      int ddsFlags,
      Optional<QueueLimits> limits)
      implements NegotiationPacket {
    /** Grow although not all peers are there. */
    public static final int ASSUME_PEER_HAS_SPACE = 1;

    /** New space needs no resync. */
    public static final int NO_RESYNC = 2;

    static Sizes read(ByteBuf in, WireDialect dialect) throws WireException {
      Command command = Command.P_SIZES;
      return new Sizes(
          Fields.readSector(command, in),
          Fields.readSector(command, in),
          Fields.readSector(command, in),
          in.readInt(),
          in.readUnsignedShort(),
          in.readUnsignedShort(),
          dialect.has(Feature.WSAME)
              ? Optional.of(QueueLimits.read(command, in, dialect))
              : Optional.empty());
    }

    @Override
    public Command command() {
      return Command.P_SIZES;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      if (dialect.has(Feature.WSAME) != limits.isPresent()) {
        throw new IllegalArgumentException(
            "P_SIZES has queue limits exactly if WSAME is agreed: " + this);
      }
      out.writeLong(diskSectors)
          .writeLong(userSectors)
          .writeLong(currentSectors)
          .writeInt(maxBioSize)
          .writeShort(queueOrderType)
          .writeShort(ddsFlags);
      limits.ifPresent(values -> values.write(out));
    }
  }

  /** Whether writes are to be replicated in the next resync towards the sender (spec 6.11). */
  record EnableReplicationNext(boolean enable) implements NegotiationPacket {
    static EnableReplicationNext read(ByteBuf in) {
      return new EnableReplicationNext(readEnable(in));
    }

    @Override
    public Command command() {
      return Command.P_ENABLE_REPLICATION_NEXT;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      writeEnable(out, enable);
    }
  }

  /** Whether writes are to be replicated from now on (spec 6.11). */
  record EnableReplication(boolean enable) implements NegotiationPacket {
    static EnableReplication read(ByteBuf in) {
      return new EnableReplication(readEnable(in));
    }

    @Override
    public Command command() {
      return Command.P_ENABLE_REPLICATION;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      writeEnable(out, enable);
    }
  }

  private static boolean readEnable(ByteBuf in) {
    boolean enable = in.readBoolean();
    in.skipBytes(3);
    return enable;
  }

  private static void writeEnable(ByteBuf out, boolean enable) {
    out.writeBoolean(enable).writeZero(3);
  }
}
