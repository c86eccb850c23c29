package io.jdrbd.cluster;

import io.jdrbd.state.sync.UuidFlag;
import io.jdrbd.wire.AckPacket.BlockAck;
import io.jdrbd.wire.BitmapPacket;
import io.jdrbd.wire.DataFlags;
import io.jdrbd.wire.NegotiationPacket;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.ReplyPacket;
import io.jdrbd.wire.StatePacket;
import io.jdrbd.wire.StateWord;
import io.jdrbd.wire.TwopcPacket;
import io.jdrbd.wire.UuidPacket;
import io.jdrbd.wire.WritePacket;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a packet of this node is what the recorded node sent in its place. Random values are
 * bound when they first appear, and must be the same from then on.
 */
final class Likeness {
  /** On a disk that was never used, every kernel counts other blocks as dirty. */
  private static final long JUST_CREATED = 4;

  private static final long NEARLY_ALL_BLOCKS = 4032;

  /** What a receiver looks at (spec 3.14, trap 2). */
  private static final int READ_FIELDS =
      StateWord.ROLE | StateWord.DISK | StateWord.AFTER_ISP | StateWord.USER_ISP;

  private static final int CONNECTING = 8;
  private static final int REPORTING = 9;

  private final boolean recordedIs84;
  private final boolean echoes;
  private final Map<Long, Long> uuids = new HashMap<>();
  private final Map<Long, Long> ids = new HashMap<>();
  private final TwopcLikeness twopc = new TwopcLikeness();

  /**
   * @param recordedIs84 whether the recorded node was one of DRBD 8.4
   * @param echoes whether resync traffic carries ids: from version 122 on
   */
  Likeness(boolean recordedIs84, boolean echoes) {
    this.recordedIs84 = recordedIs84;
    this.echoes = echoes;
    uuids.put(0L, 0L);
    uuids.put(4L, 4L);
  }

  /** Ids belong to one connection. */
  void newConnection() {
    ids.clear();
  }

  /** Whether they are alike. If so, what they say is bound. */
  boolean match(Packet recorded, Packet own) {
    if (own instanceof StatePacket.ConnStChgReq wish) {
      return request(recorded, wish.mask(), wish.value());
    }
    if (recorded instanceof WritePacket.Trim trim && own instanceof WritePacket.Zeroes zeroes) {
      return discard(trim, zeroes);
    }
    if (!recorded.getClass().equals(own.getClass())) {
      return false;
    }
    return switch (recorded) {
      case WritePacket.Data data -> data(data, (WritePacket.Data) own);
      case WritePacket.Zeroes zeroes -> zeroes(zeroes, (WritePacket.Zeroes) own);
      case BlockAck ack -> ack(ack, (BlockAck) own);
      case UuidPacket.Uuids told -> told(told, (UuidPacket.Uuids) own);
      case UuidPacket.Uuids110 told -> told(told, (UuidPacket.Uuids110) own);
      case TwopcPacket packet -> twopc.match(packet, (TwopcPacket) own);
      case UuidPacket.SyncUuid sync -> bitmap(sync.uuid(), ((UuidPacket.SyncUuid) own).uuid());
      case StatePacket.State state -> state(state.word(), ((StatePacket.State) own).word());
      case NegotiationPacket.Sizes sizes -> sizes(sizes, (NegotiationPacket.Sizes) own);
      case ReplyPacket.RsDataReply reply -> reply(reply, (ReplyPacket.RsDataReply) own);
      case BitmapPacket.CompressedBitmap bits -> bits.equals(own);
      default -> recorded.equals(own);
    };
  }

  /** 8.4 asks for roles by volume; UpToDate has another number in what 9.x asks. */
  private static boolean request(Packet recorded, StateWord mask, StateWord value) {
    int fields = ~StateWord.DISK;
    return switch (recorded) {
      case StatePacket.ConnStChgReq wish ->
          wish.mask().equals(mask) && (wish.value().bits() & fields) == (value.bits() & fields);
      case StatePacket.StateChgReq wish ->
          wish.mask().equals(mask) && (wish.value().bits() & fields) == (value.bits() & fields);
      default -> false;
    };
  }

  private boolean data(WritePacket.Data recorded, WritePacket.Data own) {
    boolean alike =
        recorded.sector() == own.sector()
            && recorded.dataBytes() == own.dataBytes()
            && recorded.flags() == own.flags();
    return alike && bindId(recorded.blockId(), own.blockId());
  }

  /** This program's discards read as zeroes on all nodes. */
  private boolean discard(WritePacket.Trim recorded, WritePacket.Zeroes own) {
    boolean alike =
        recorded.sector() == own.sector()
            && recorded.sizeBytes() == own.sizeBytes()
            && (recorded.flags() | DataFlags.ZEROES) == own.flags();
    return alike && bindId(recorded.blockId(), own.blockId());
  }

  private boolean zeroes(WritePacket.Zeroes recorded, WritePacket.Zeroes own) {
    boolean alike =
        recorded.sector() == own.sector()
            && recorded.sizeBytes() == own.sizeBytes()
            && recorded.flags() == own.flags();
    return alike && bindId(recorded.blockId(), own.blockId());
  }

  private boolean bindId(long recorded, long own) {
    ids.put(recorded, own);
    return true;
  }

  private static boolean ack(BlockAck recorded, BlockAck own) {
    return recorded.kind() == own.kind()
        && recorded.sector() == own.sector()
        && recorded.sizeBytes() == own.sizeBytes()
        && recorded.blockId() == own.blockId();
  }

  private static boolean reply(ReplyPacket.RsDataReply recorded, ReplyPacket.RsDataReply own) {
    return recorded.sector() == own.sector() && recorded.dataBytes() == own.dataBytes();
  }

  private boolean told(UuidPacket.Uuids recorded, UuidPacket.Uuids own) {
    boolean fresh = recorded.current() == JUST_CREATED || recorded.dirtyBits() >= NEARLY_ALL_BLOCKS;
    long ignored = recordedIs84 ? UuidFlag.INCONSISTENT.mask() : 0;
    return (recorded.flags() & ~ignored) == (own.flags() & ~ignored)
        && (fresh || recorded.dirtyBits() == own.dirtyBits())
        && bind(recorded.current(), own.current())
        && bitmap(recorded.bitmap(), own.bitmap())
        && bind(recorded.history0(), own.history0())
        && bind(recorded.history1(), own.history1());
  }

  /**
   * What this program has no use for: a slot for nodes that were never there, which 9.2 always and
   * 9.3 with spare slots has.
   */
  private boolean told(UuidPacket.Uuids110 recorded, UuidPacket.Uuids110 own) {
    boolean fresh = recorded.current() == JUST_CREATED || recorded.dirtyBits() >= NEARLY_ALL_BLOCKS;
    boolean slots = true;
    for (int node = 0; node < 2; node++) {
      slots &=
          !own.hasBitmap(node)
              || !recorded.hasBitmap(node)
              || bitmap(recorded.bitmap(node), own.bitmap(node));
    }
    return slots
        && UuidFlag.word(known(recorded.flags())) == UuidFlag.word(known(own.flags()))
        && recorded.nodeMask() == own.nodeMask()
        && (fresh || recorded.dirtyBits() == own.dirtyBits())
        && bind(recorded.current(), own.current());
  }

  /** The same without what no two kernels count and collect alike, on a disk never used. */
  UuidPacket.Uuids110 comparable(UuidPacket.Uuids110 told) {
    return told.current() == JUST_CREATED
        ? new UuidPacket.Uuids110(
            told.current(),
            0,
            told.flags(),
            told.nodeMask(),
            told.bitmapMask(),
            told.bitmaps(),
            List.of())
        : told;
  }

  private static Set<UuidFlag> known(long flags) {
    EnumSet<UuidFlag> known = EnumSet.copyOf(UuidFlag.of(flags | UuidFlag.HAS_UNALLOCATED.mask()));
    known.remove(UuidFlag.HAS_UNALLOCATED);
    return known;
  }

  /** The first one of a fresh disk is 4 or any number, that a peer never sees again. */
  private boolean bitmap(long recorded, long own) {
    return recorded == JUST_CREATED || bind(recorded & ~1L, own & ~1L);
  }

  /** Bit 0 tells of a Primary; the rest is random. */
  private boolean bind(long recorded, long own) {
    Long bound = uuids.putIfAbsent(recorded & ~1L, own & ~1L);
    return (recorded & 1) == (own & 1) && (bound == null || bound == (own & ~1L));
  }

  private boolean state(StateWord recorded, StateWord own) {
    int fields = recordedIs84 ? READ_FIELDS : READ_FIELDS | StateWord.QUORUM;
    return (recorded.bits() & fields) == (own.bits() & fields) && conn(recorded) == conn(own);
  }

  /** In the handshake 8.4 says Connecting, and 9.x that it reports its parameters. */
  private static int conn(StateWord word) {
    return word.conn() == CONNECTING ? REPORTING : word.conn();
  }

  private static boolean sizes(NegotiationPacket.Sizes recorded, NegotiationPacket.Sizes own) {
    return recorded.diskSectors() == own.diskSectors()
        && recorded.userSectors() == own.userSectors()
        && recorded.currentSectors() == own.currentSectors()
        && recorded.maxBioSize() == own.maxBioSize()
        && recorded.ddsFlags() == own.ddsFlags();
  }

  /** What the peer says, with this node's values in place of those of the recorded node. */
  Packet translate(Packet peer) {
    return switch (peer) {
      case UuidPacket.Uuids told ->
          new UuidPacket.Uuids(
              own(told.current()),
              own(told.bitmap()),
              own(told.history0()),
              own(told.history1()),
              told.dirtyBits(),
              told.flags());
      case UuidPacket.Uuids110 told ->
          new UuidPacket.Uuids110(
              own(told.current()),
              told.dirtyBits(),
              told.flags(),
              told.nodeMask(),
              told.bitmapMask(),
              told.bitmaps().stream().map(this::own).toList(),
              told.history().stream().map(this::own).toList());
      case TwopcPacket.TwopcReply reply -> twopc.translate(reply);
      case UuidPacket.SyncUuid sync -> new UuidPacket.SyncUuid(own(sync.uuid()));
      case BlockAck ack when ids.containsKey(ack.blockId()) && isOfWrite(ack) ->
          new BlockAck(
              ack.kind(), ack.sector(), ids.get(ack.blockId()), ack.sizeBytes(), ack.seqNum());
      default -> peer;
    };
  }

  /** The recorded node says this now: what it used an id for before is over. */
  void expect(Packet recorded) {
    switch (recorded) {
      case WritePacket.Data data -> ids.remove(data.blockId());
      case WritePacket.Trim trim -> ids.remove(trim.blockId());
      case WritePacket.Zeroes zeroes -> ids.remove(zeroes.blockId());
      default -> {
        // has no id of its own
      }
    }
  }

  /** Whether a packet of the peer answers something that this node has said by now. */
  boolean isAnswer(Packet peer) {
    return peer instanceof BlockAck ack && ids.containsKey(ack.blockId()) && isOfWrite(ack);
  }

  /** From 122 on, an ack of resync traffic carries the target's own id (spec 6.4). */
  private boolean isOfWrite(BlockAck ack) {
    return !echoes || ack.kind() != BlockAck.Kind.RS_WRITE_ACK;
  }

  private long own(long recorded) {
    Long bound = uuids.get(recorded & ~1L);
    return bound == null ? recorded : bound | (recorded & 1);
  }
}
