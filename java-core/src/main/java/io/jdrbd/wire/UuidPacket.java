package io.jdrbd.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Generation identifiers (spec 3.4). */
public sealed interface UuidPacket extends Packet {

  /**
   * Generations up to version 101 (spec 3.4.2).
   *
   * @param current of the data
   * @param bitmap of the peer's data when changes began to be tracked, 0 if in sync
   * @param history0 the newest former generation
   * @param history1 the one before
   * @param dirtyBits how many bits are set towards the peer
   * @param flags {@link UuidFlags}
   */
  record Uuids(long current, long bitmap, long history0, long history1, long dirtyBits, long flags)
      implements UuidPacket {
    static Uuids read(ByteBuf in) {
      return new Uuids(
          in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }

    @Override
    public Command command() {
      return Command.P_UUIDS;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(current)
          .writeLong(bitmap)
          .writeLong(history0)
          .writeLong(history1)
          .writeLong(dirtyBits)
          .writeLong(flags);
    }
  }

  /**
   * Generations from version 110 on (spec 3.4.3).
   *
   * @param current of the data
   * @param dirtyBits how many bits are set towards the receiver
   * @param flags {@link UuidFlags}
   * @param nodeMask weak nodes if the flag STABLE is set, else authoritative nodes
   * @param bitmapMask nodes whose bitmap generation follows; bits 0 to 31
   * @param bitmaps one for each bit of {@code bitmapMask}, ascending
   * @param history newest first, at most {@link #HISTORY_MAX}
   */
  record Uuids110(
      long current,
      long dirtyBits,
      long flags,
      long nodeMask,
      long bitmapMask,
      List<Long> bitmaps,
      List<Long> history)
      implements UuidPacket {
    /** As many former generations as any DRBD keeps. */
    public static final int HISTORY_MAX = 32;

    private static final long NODES = 0xffff_ffffL;

    /** Copies the lists. */
    public Uuids110 {
      bitmaps = List.copyOf(bitmaps);
      history = List.copyOf(history);
      if ((bitmapMask & ~NODES) != 0 || bitmaps.size() != Long.bitCount(bitmapMask)) {
        throw new IllegalArgumentException(
            "%d bitmap generations for the nodes %x".formatted(bitmaps.size(), bitmapMask));
      }
      if (history.size() > HISTORY_MAX) {
        throw new IllegalArgumentException(
            "%d former generations, at most %d".formatted(history.size(), HISTORY_MAX));
      }
    }

    static Uuids110 read(ByteBuf in, int payloadBytes) throws WireException {
      Command command = Command.P_UUIDS110;
      long current = in.readLong();
      long dirtyBits = in.readLong();
      long flags = in.readLong();
      long nodeMask = in.readLong();
      long bitmapMask = in.readLong();
      if ((bitmapMask & ~NODES) != 0) {
        throw new WireException(
            command, "bitmap mask %016x, must have bits 0 to 31 only".formatted(bitmapMask));
      }
      int values = (payloadBytes - PayloadBounds.UUIDS110_FIXED) / Long.BYTES;
      int slots = Long.bitCount(bitmapMask);
      if (values < slots) {
        throw new WireException(
            command,
            "%d values after the bitmap mask %x, must be %d at least"
                .formatted(values, bitmapMask, slots));
      }
      List<Long> bitmaps = readLongs(in, slots);
      List<Long> history = readLongs(in, Math.min(values - slots, HISTORY_MAX));
      in.skipBytes((values - slots - history.size()) * Long.BYTES);
      return new Uuids110(current, dirtyBits, flags, nodeMask, bitmapMask, bitmaps, history);
    }

    private static List<Long> readLongs(ByteBuf in, int count) {
      List<Long> values = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        values.add(in.readLong());
      }
      return values;
    }

    /** Whether a bitmap generation for that node was sent. */
    public boolean hasBitmap(int nodeId) {
      return ((bitmapMask >>> nodeId) & 1) != 0;
    }

    /** The bitmap generation for that node, all ones ("no slot") if none was sent. */
    public long bitmap(int nodeId) {
      return hasBitmap(nodeId)
          ? bitmaps.get(Long.bitCount(bitmapMask & ((1L << nodeId) - 1)))
          : -1L;
    }

    @Override
    public Command command() {
      return Command.P_UUIDS110;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(current)
          .writeLong(dirtyBits)
          .writeLong(flags)
          .writeLong(nodeMask)
          .writeLong(bitmapMask);
      bitmaps.forEach(out::writeLong);
      history.forEach(out::writeLong);
    }
  }

  /** The generation of a node without disk, or a new one that is made known (spec 3.4.5). */
  record CurrentUuid(long current, long weakNodes) implements UuidPacket {
    static CurrentUuid read(ByteBuf in) {
      return new CurrentUuid(in.readLong(), in.readLong());
    }

    @Override
    public Command command() {
      return Command.P_CURRENT_UUID;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(current).writeLong(weakNodes);
    }
  }

  /** What the sync target has as current generation from now on, below 110 (spec 3.4.6). */
  record SyncUuid(long uuid) implements UuidPacket {
    @Override
    public Command command() {
      return Command.P_SYNC_UUID;
    }

    @Override
    public void writeFixed(ByteBuf out, WireDialect dialect) {
      out.writeLong(uuid);
    }
  }
}
