package io.jdrbd.cluster.line;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.connection.PeerSession;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.replication.AckLine;
import io.jdrbd.replication.WriteLine;
import io.jdrbd.resync.SourceLine;
import io.jdrbd.resync.TargetLine;
import io.jdrbd.resync.VerifyLine;
import io.jdrbd.resync.VerifyResult;
import io.jdrbd.wire.AckPacket;
import io.jdrbd.wire.AckPacket.BlockAck;
import io.jdrbd.wire.ChangeStreamPacket;
import io.jdrbd.wire.DataFlags;
import io.jdrbd.wire.Feature;
import io.jdrbd.wire.OpaqueBytes;
import io.jdrbd.wire.PacketEncoder;
import io.jdrbd.wire.ProtocolSettings;
import io.jdrbd.wire.ReplyPacket;
import io.jdrbd.wire.RequestPacket;
import io.jdrbd.wire.StreamKind;
import io.jdrbd.wire.WireDialect;
import io.jdrbd.wire.WritePacket;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts what replication and resync have to say to one peer into packets, on one session. On the
 * loop.
 */
public final class OutgoingLine implements WriteLine, AckLine, TargetLine, SourceLine, VerifyLine {
  /** The block id of resync traffic below {@link #IDS_ARE_ECHOED}. */
  public static final long ALL_ONES = -1L;

  /** From this version on resync traffic carries ids of its own (spec 6.4). */
  public static final int IDS_ARE_ECHOED = 122;

  private static final int ACK_FLAGS_FROM = 100;
  private static final int SECTOR_SHIFT = 9;

  private final PeerSession session;
  private final PeerDigest digest;
  private final Map<Integer, Integer> sequenceNumbers = new TreeMap<>();
  private final int protocol;
  private final Counter counter;
  private final ResyncPackets resync;

  /** Is told of payload. */
  @FunctionalInterface
  public interface Counter {
    /** Payload of a volume was handed over to the connection. */
    void sent(int volume, int bytes);
  }

  /**
   * @param protocol 1 for A, 2 for B, 3 for C
   * @param counter is told of all payload
   */
  public OutgoingLine(PeerSession session, PeerDigest digest, int protocol, Counter counter) {
    this.session = session;
    this.digest = digest;
    this.protocol = protocol;
    this.counter = counter;
    this.resync = new ResyncPackets(session);
    session.sendDigestBytes(digest.bytes());
  }

  /** One counter for each volume, for writes and acks together (spec 2.7). */
  private int nextSequenceNumber(int volume) {
    return sequenceNumbers.merge(volume, 1, Integer::sum);
  }

  @Override
  public void write(int volume, long id, DiskRequest content, boolean duringResync) {
    if (session.isClosed()) {
      return;
    }
    long sector = content.offsetBytes() >>> SECTOR_SHIFT;
    int sequence = nextSequenceNumber(volume);
    int flags = flags(content, duringResync);
    switch (content.op()) {
      case WRITE -> data(volume, id, content, sequence, flags);
      case WRITE_ZEROES, DISCARD -> zeroes(volume, id, content, sector, sequence, flags);
      case READ, FLUSH -> throw new IllegalStateException(content.op() + " changes nothing");
    }
  }

  private void data(int volume, long id, DiskRequest content, int sequence, int flags) {
    int bytes = (int) content.lengthBytes();
    WireDialect dialect = session.dialect();
    var head = session.scratch(StreamKind.DATA);
    WritePacket.Data.encode(
        head, dialect, volume, content.offsetBytes() >>> SECTOR_SHIFT, id, sequence, flags, bytes);
    digest.append(head, content.buffer(), content.bufferOffsetBytes(), bytes);
    session.sendScratch(content.buffer().retainedSlice(content.bufferOffsetBytes(), bytes));
    counter.sent(volume, bytes);
  }

  /** Where the peer does not know P_ZEROES, or a digest would break it, P_TRIM means the same. */
  private void zeroes(
      int volume, long id, DiskRequest content, long sector, int sequence, int flags) {
    int bytes = (int) content.lengthBytes();
    boolean known = session.dialect().has(Feature.WZEROES) && !digest.isUsed();
    int discard = content.mayDiscard() || !known ? DataFlags.DISCARD : 0;
    session.send(
        volume,
        known
            ? new WritePacket.Zeroes(
                sector, id, sequence, flags | DataFlags.ZEROES | discard, bytes)
            : new WritePacket.Trim(sector, id, sequence, flags | DataFlags.DISCARD, bytes));
  }

  private int flags(DiskRequest content, boolean duringResync) {
    int flags = DataFlags.RW_SYNC;
    flags |= content.fua() ? DataFlags.FUA : 0;
    flags |= duringResync ? DataFlags.MAY_SET_IN_SYNC : 0;
    if (session.dialect().protocolVersion() >= ACK_FLAGS_FROM) {
      flags |= protocol == ProtocolSettings.PROTOCOL_B ? DataFlags.SEND_RECEIVE_ACK : 0;
      flags |=
          protocol == ProtocolSettings.PROTOCOL_C || duringResync ? DataFlags.SEND_WRITE_ACK : 0;
    }
    return flags;
  }

  @Override
  public void barrier(int epoch) {
    session.send(new WritePacket.Barrier(epoch));
  }

  @Override
  public void outOfSync(int volume, long offsetBytes, long lengthBytes) {
    session.send(
        volume, new WritePacket.OutOfSync(offsetBytes >>> SECTOR_SHIFT, (int) lengthBytes));
  }

  @Override
  public boolean tellsPositions() {
    return session.dialect().isVersion9();
  }

  @Override
  public void position(long dagtag) {
    session.send(new ChangeStreamPacket.Dagtag(dagtag));
  }

  @Override
  public void peerAck(long nodes, long dagtag) {
    session.send(new ChangeStreamPacket.PeerAck(nodes, dagtag));
  }

  @Override
  public void readRequest(int volume, long id, long offsetBytes, int lengthBytes) {
    session.send(
        volume,
        new RequestPacket.BlockRequest(
            RequestPacket.BlockRequest.Kind.DATA_REQUEST,
            offsetBytes >>> SECTOR_SHIFT,
            id,
            lengthBytes,
            OpaqueBytes.NONE));
  }

  @Override
  public void whenHandedOver(Runnable then) {
    session.whenSent(then);
  }

  @Override
  public void ack(AckLine.Kind kind, int volume, long id, long offsetBytes, long lengthBytes) {
    boolean ids = session.dialect().protocolVersion() >= IDS_ARE_ECHOED;
    block(
        switch (kind) {
          case RECEIVED -> BlockAck.Kind.RECV_ACK;
          case WRITTEN -> BlockAck.Kind.WRITE_ACK;
          case WRITTEN_IN_SYNC ->
              ids ? BlockAck.Kind.WRITE_ACK_IN_SYNC : BlockAck.Kind.RS_WRITE_ACK;
          case FAILED -> BlockAck.Kind.NEG_ACK;
        },
        volume,
        id,
        offsetBytes,
        lengthBytes);
  }

  @Override
  public void barrierAck(int barrier, int writes) {
    session.send(new AckPacket.BarrierAck(barrier, writes));
  }

  @Override
  public void request(int volume, long id, long offsetBytes, int lengthBytes) {
    resync.ask(ResyncPackets.Question.DATA, volume, id, offsetBytes, lengthBytes, OpaqueBytes.NONE);
  }

  @Override
  public void requestThin(int volume, long id, long offsetBytes, int lengthBytes) {
    resync.ask(ResyncPackets.Question.THIN, volume, id, offsetBytes, lengthBytes, OpaqueBytes.NONE);
  }

  @Override
  public void requestUnlessEqual(
      int volume, long id, long offsetBytes, int lengthBytes, byte[] digest) {
    resync.ask(
        ResyncPackets.Question.UNLESS_EQUAL,
        volume,
        id,
        offsetBytes,
        lengthBytes,
        OpaqueBytes.of(digest));
  }

  @Override
  public void verify(int volume, long id, long offsetBytes, int lengthBytes) {
    resync.ask(
        ResyncPackets.Question.DIGEST, volume, id, offsetBytes, lengthBytes, OpaqueBytes.NONE);
  }

  @Override
  public void digest(int volume, long id, long offsetBytes, int lengthBytes, byte[] answer) {
    resync.digest(volume, id, offsetBytes, lengthBytes, OpaqueBytes.of(answer));
  }

  @Override
  public void verified(
      int volume, long id, long offsetBytes, int lengthBytes, VerifyResult result) {
    resync.result(volume, id, offsetBytes, lengthBytes, nextSequenceNumber(volume), result);
  }

  private boolean ids() {
    return session.dialect().protocolVersion() >= IDS_ARE_ECHOED;
  }

  @Override
  public void ack(int volume, long id, long offsetBytes, int lengthBytes, boolean written) {
    BlockAck.Kind failed = ids() ? BlockAck.Kind.RS_NEG_ACK : BlockAck.Kind.NEG_ACK;
    block(
        written ? BlockAck.Kind.RS_WRITE_ACK : failed,
        volume,
        ids() ? id : ALL_ONES,
        offsetBytes,
        lengthBytes);
  }

  @Override
  public boolean isWritable() {
    return session.isWritable();
  }

  @Override
  public void reply(int volume, long id, long offsetBytes, int lengthBytes, PooledBuffer data) {
    if (!session.isClosed()) {
      reply(
          volume,
          new ReplyPacket.RsDataReply(
              offsetBytes >>> SECTOR_SHIFT,
              ids() ? id : ALL_ONES,
              session.dialect().digestBytes(),
              lengthBytes),
          data,
          lengthBytes);
    }
  }

  @Override
  public void deallocated(int volume, long id, long offsetBytes, int lengthBytes) {
    long sector = offsetBytes >>> SECTOR_SHIFT;
    session.send(
        volume,
        ids()
            ? new ReplyPacket.RsDeallocatedId(sector, id, lengthBytes)
            : new ReplyPacket.RsDeallocated(sector, lengthBytes));
  }

  @Override
  public void inSync(int volume, long id, long offsetBytes, int lengthBytes) {
    block(BlockAck.Kind.RS_IS_IN_SYNC, volume, id, offsetBytes, lengthBytes);
  }

  /** Answers a read of the peer's applications. */
  public void readReply(int volume, long id, long offsetBytes, int lengthBytes, PooledBuffer data) {
    if (!session.isClosed()) {
      reply(
          volume,
          new ReplyPacket.DataReply(
              offsetBytes >>> SECTOR_SHIFT, id, session.dialect().digestBytes(), lengthBytes),
          data,
          lengthBytes);
    }
  }

  private void reply(int volume, ReplyPacket head, PooledBuffer data, int lengthBytes) {
    var out = session.scratch(StreamKind.DATA);
    PacketEncoder.encode(out, session.dialect(), volume, head);
    digest.append(out, data, 0, lengthBytes);
    session.sendScratch(data.retainedSlice(0, lengthBytes));
    counter.sent(volume, lengthBytes);
  }

  @Override
  public void failed(int volume, long id, long offsetBytes, int lengthBytes) {
    block(BlockAck.Kind.NEG_RS_DREPLY, volume, id, offsetBytes, lengthBytes);
  }

  @Override
  public void cancel(int volume, long id, long offsetBytes, int lengthBytes) {
    block(BlockAck.Kind.RS_CANCEL, volume, id, offsetBytes, lengthBytes);
  }

  /** Refuses a read of the peer's applications. */
  public void readFailed(int volume, long id, long offsetBytes, int lengthBytes) {
    block(BlockAck.Kind.NEG_DREPLY, volume, id, offsetBytes, lengthBytes);
  }

  private void block(BlockAck.Kind kind, int volume, long id, long offsetBytes, long lengthBytes) {
    if (session.isClosed()) {
      return;
    }
    BlockAck.encode(
        session.scratch(StreamKind.CONTROL),
        session.dialect(),
        volume,
        kind,
        offsetBytes >>> SECTOR_SHIFT,
        id,
        (int) lengthBytes,
        nextSequenceNumber(volume));
    session.sendScratch(StreamKind.CONTROL);
  }
}
