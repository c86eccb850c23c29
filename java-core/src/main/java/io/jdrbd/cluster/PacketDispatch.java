package io.jdrbd.cluster;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.connection.PeerSession;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.replication.IncomingVolume;
import io.jdrbd.replication.IncomingWrites;
import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.replication.ReadTable;
import io.jdrbd.resync.ResyncSource;
import io.jdrbd.resync.ResyncTarget;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.wire.AckPacket;
import io.jdrbd.wire.BitmapPacket;
import io.jdrbd.wire.DataFlags;
import io.jdrbd.wire.NegotiationPacket;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.ReplyPacket;
import io.jdrbd.wire.RequestPacket;
import io.jdrbd.wire.StatePacket;
import io.jdrbd.wire.UuidPacket;
import io.jdrbd.wire.WireException;
import io.jdrbd.wire.WritePacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/** Hands what a peer sends to whom it concerns. */
final class PacketDispatch {
  private static final System.Logger LOG = System.getLogger(PacketDispatch.class.getName());
  private static final int SECTOR_SHIFT = 9;
  private static final int BITMAP_BYTES_MAX = 4096;

  private final ClusterPeer peer;
  private final ByteBuf small = Unpooled.buffer(BITMAP_BYTES_MAX, BITMAP_BYTES_MAX);

  PacketDispatch(ClusterPeer peer) {
    this.peer = peer;
  }

  /** A packet of the data stream. */
  void data(int number, Packet packet) throws WireException, ProtocolViolation {
    if (isAboutUnknownVolume(number, packet)) {
      skip(packet);
      return;
    }
    switch (packet) {
      case WritePacket write -> write(number, write);
      case NegotiationPacket negotiation -> negotiation(number, negotiation);
      case UuidPacket uuids -> uuids(number, uuids);
      case StatePacket state -> state(number, state);
      case BitmapPacket bitmap -> bitmap(number, bitmap);
      case RequestPacket request -> request(number, request);
      case ReplyPacket reply -> reply(number, reply);
      default -> throw unexpected(packet);
    }
  }

  /** A volume that exists at the peer only: its packets are passed over (spec 1.10.2). */
  private boolean isAboutUnknownVolume(int number, Packet packet) {
    boolean negotiates =
        packet instanceof NegotiationPacket
            || packet instanceof UuidPacket
            || packet instanceof StatePacket.State;
    boolean unknown = negotiates && peer.volume(number).isEmpty();
    if (unknown) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}: {1} about volume {2}, which does not exist here, is passed over",
          peer.settings().name(),
          packet.command(),
          number);
    }
    return unknown;
  }

  private void skip(Packet packet) {
    if (packet.bulkBytes() > 0) {
      session().skipBulk(packet.bulkBytes(), () -> {});
    }
  }

  private static ProtocolViolation unexpected(Packet packet) {
    return new ProtocolViolation(packet.command() + " must not come now");
  }

  private PeerSession session() {
    return peer.session().orElseThrow();
  }

  private PeerVolume volume(int number, Packet packet) throws ProtocolViolation {
    return peer.volume(number)
        .orElseThrow(
            () ->
                new ProtocolViolation(
                    "%s for volume %d, which does not exist here"
                        .formatted(packet.command(), number)));
  }

  private IncomingWrites incoming() {
    return peer.incoming().orElseThrow();
  }

  // -- writes

  private void write(int number, WritePacket packet) throws ProtocolViolation {
    switch (packet) {
      case WritePacket.Data data -> receiveWrite(volume(number, packet), data);
      case WritePacket.Trim trim ->
          zeroes(
              volume(number, packet),
              trim.sector(),
              trim.blockId(),
              trim.sizeBytes(),
              trim.flags(),
              true);
      case WritePacket.Zeroes zeroes ->
          zeroes(
              volume(number, packet),
              zeroes.sector(),
              zeroes.blockId(),
              zeroes.sizeBytes(),
              zeroes.flags(),
              (zeroes.flags() & DataFlags.DISCARD) != 0);
      case WritePacket.Barrier barrier -> incoming().barrier(barrier.barrier());
      case WritePacket.UnplugRemote ignored -> {
        // a hint that this node does not need
      }
      case WritePacket.OutOfSync range -> outOfSync(volume(number, packet), range);
    }
  }

  private void receiveWrite(PeerVolume volume, WritePacket.Data packet) throws ProtocolViolation {
    long offset = packet.sector() << SECTOR_SHIFT;
    checkRange(volume, offset, packet.dataBytes(), packet);
    Optional<IncomingVolume> target = volume.incoming();
    if (target.isEmpty()) {
      incoming().unwritable(volume.number(), packet.blockId(), offset, packet.dataBytes());
      skip(packet);
      return;
    }
    receive(
        packet.dataBytes(),
        data ->
            incoming()
                .write(
                    target.get(),
                    packet.blockId(),
                    offset,
                    packet.dataBytes(),
                    data,
                    manner(packet.flags())));
  }

  private void zeroes(
      PeerVolume volume, long sector, long id, int bytes, int flags, boolean mayDiscard)
      throws ProtocolViolation {
    long offset = sector << SECTOR_SHIFT;
    if (offset + bytes > volume.volume().exportedSectors() << SECTOR_SHIFT) {
      throw outside(volume, offset, bytes, "P_TRIM or P_ZEROES");
    }
    Optional<IncomingVolume> target = volume.incoming();
    if (target.isEmpty()) {
      incoming().unwritable(volume.number(), id, offset, bytes);
    } else {
      incoming().zeroes(target.get(), id, offset, bytes, mayDiscard, manner(flags));
    }
  }

  private IncomingWrites.Manner manner(int flags) {
    boolean told = peer.dialect().protocolVersion() >= 100;
    int protocol = peer.settings().protocol();
    return new IncomingWrites.Manner(
        told ? (flags & DataFlags.SEND_RECEIVE_ACK) != 0 : protocol == PeerSettings.PROTOCOL_B,
        told ? (flags & DataFlags.SEND_WRITE_ACK) != 0 : protocol == PeerSettings.PROTOCOL_C,
        (flags & DataFlags.FUA) != 0,
        (flags & DataFlags.FLUSH) != 0,
        (flags & DataFlags.MAY_SET_IN_SYNC) != 0);
  }

  /** The peer has changed a range and does not send it; its earlier writes come first. */
  private void outOfSync(PeerVolume volume, WritePacket.OutOfSync range) {
    peer.holdData();
    incoming()
        .whenAllWritten(
            () -> {
              volume
                  .slot()
                  .ifPresent(
                      slot ->
                          volume
                              .volume()
                              .backing()
                              .orElseThrow()
                              .setOutOfSync(
                                  slot, range.sector() << SECTOR_SHIFT, range.sizeBytes()));
              peer.releaseData();
            });
  }

  /** Gets a buffer, which may take time, and the data of the packet in hand into it. */
  private void receive(int bytes, DataHandler then) {
    PeerSession open = session();
    peer.resource()
        .buffers()
        .allocate(
            bytes,
            peer.resource().loop(),
            buffer -> {
              if (open.isClosed()) {
                buffer.release();
              } else {
                receive(open, buffer, bytes, then);
              }
            });
  }

  private void receive(PeerSession open, PooledBuffer buffer, int bytes, DataHandler then) {
    open.receiveBulk(
        buffer,
        bytes,
        () -> {
          try {
            then.received(buffer);
          } catch (ProtocolViolation e) {
            open.end(ConnectionState.PROTOCOL_ERROR, e.getMessage());
          }
        });
  }

  /** Gets the data of a packet. */
  @FunctionalInterface
  private interface DataHandler {
    /**
     * All of it is there.
     *
     * @param data from its start; the reference is the handler's
     */
    void received(PooledBuffer data) throws ProtocolViolation;
  }

  private static void checkRange(PeerVolume volume, long offset, int bytes, Packet packet)
      throws ProtocolViolation {
    long end = volume.volume().exportedSectors() << SECTOR_SHIFT;
    if (bytes <= 0 || bytes % 512 != 0 || offset + bytes > end) {
      throw outside(volume, offset, bytes, packet.command().name());
    }
  }

  private static ProtocolViolation outside(
      PeerVolume volume, long offset, int bytes, String command) {
    return new ProtocolViolation(
        "%s of %d bytes at sector %d: the volume has %d sectors"
            .formatted(command, bytes, offset >>> SECTOR_SHIFT, volume.volume().exportedSectors()));
  }

  // -- negotiation

  private void negotiation(int number, NegotiationPacket packet) throws ProtocolViolation {
    PeerNegotiation negotiation = volume(number, packet).negotiation();
    switch (packet) {
      case NegotiationPacket.SyncParam89 param -> negotiation.syncParam(param);
      case NegotiationPacket.Sizes sizes -> negotiation.sizes(sizes);
      case NegotiationPacket.EnableReplication ignored -> {
        // DRBD 9.3 sends it to old peers, too (spec 1.16, trap 25)
      }
      default -> throw unexpected(packet);
    }
  }

  private void uuids(int number, UuidPacket packet) throws ProtocolViolation {
    switch (packet) {
      case UuidPacket.Uuids uuids -> volume(number, packet).negotiation().uuids(uuids);
      case UuidPacket.SyncUuid sync -> volume(number, packet).syncUuid(sync.uuid());
      default -> throw unexpected(packet);
    }
  }

  private void state(int number, StatePacket packet) throws ProtocolViolation {
    switch (packet) {
      case StatePacket.State state -> volume(number, packet).negotiation().state(state);
      case StatePacket.ConnStChgReq wish ->
          peer.requests().connectionRequested(wish.mask(), wish.value());
      case StatePacket.StateChgReq wish ->
          peer.requests().volumeRequested(number, wish.mask(), wish.value());
      default -> throw unexpected(packet);
    }
  }

  private void bitmap(int number, BitmapPacket packet) throws WireException, ProtocolViolation {
    BitmapTransfer transfer = volume(number, packet).bitmaps();
    PeerSession open = session();
    if (packet.bulkBytes() == 0) {
      transfer.take(packet, Unpooled.EMPTY_BUFFER);
      return;
    }
    small.clear();
    open.receiveBulk(
        small,
        packet.bulkBytes(),
        () -> {
          try {
            transfer.take(packet, small);
          } catch (WireException | ProtocolViolation e) {
            open.end(ConnectionState.PROTOCOL_ERROR, e.getMessage());
          }
        });
  }

  // -- reads and resync

  private void request(int number, RequestPacket packet) throws ProtocolViolation {
    if (!(packet instanceof RequestPacket.BlockRequest request)) {
      throw unexpected(packet);
    }
    PeerVolume volume = volume(number, packet);
    long offset = request.sector() << SECTOR_SHIFT;
    checkRange(volume, offset, request.sizeBytes(), packet);
    switch (request.kind()) {
      case DATA_REQUEST -> read(volume, request.blockId(), offset, request.sizeBytes());
      case RS_DATA_REQUEST, RS_THIN_REQ, CSUM_RS_REQUEST ->
          resyncRequest(volume, request.blockId(), offset, request.sizeBytes());
      case OV_REQUEST, OV_REPLY -> throw unexpected(packet);
    }
  }

  private void resyncRequest(PeerVolume volume, long id, long offset, int bytes)
      throws ProtocolViolation {
    Optional<ResyncSource> source = volume.source();
    if (source.isEmpty()) {
      peer.line().ifPresent(line -> line.cancel(volume.number(), id, offset, bytes));
    } else {
      source.get().requested(id, offset, bytes);
    }
  }

  /** A read of the peer's applications (spec 2.22). */
  private void read(PeerVolume volume, long id, long offset, int bytes) {
    OutgoingLine line = peer.line().orElseThrow();
    boolean readable =
        peer.resource().now().volume(volume.number()).disk() == io.jdrbd.state.DiskState.UP_TO_DATE;
    if (!readable) {
      line.readFailed(volume.number(), id, offset, bytes);
      return;
    }
    peer.resource()
        .buffers()
        .allocate(
            bytes,
            peer.resource().loop(),
            buffer ->
                volume
                    .volume()
                    .backing()
                    .orElseThrow()
                    .data()
                    .submit(new PeerRead(line, volume, id, buffer).read(offset, bytes, buffer, 0)));
  }

  /** A read for the peer. */
  private static final class PeerRead extends DiskRequest {
    private final OutgoingLine line;
    private final PeerVolume volume;
    private final long id;
    private final PooledBuffer buffer;

    PeerRead(OutgoingLine line, PeerVolume volume, long id, PooledBuffer buffer) {
      this.line = line;
      this.volume = volume;
      this.id = id;
      this.buffer = buffer;
    }

    @Override
    public void complete() {
      line.readReply(volume.number(), id, offsetBytes(), (int) lengthBytes(), buffer);
      buffer.release();
    }

    @Override
    public void fail(DiskException error) {
      buffer.release();
      volume.volume().dataFailed(Op.READ, error);
      line.readFailed(volume.number(), id, offsetBytes(), (int) lengthBytes());
    }
  }

  private void reply(int number, ReplyPacket packet) throws ProtocolViolation {
    PeerVolume volume = volume(number, packet);
    switch (packet) {
      case ReplyPacket.DataReply reply -> readReply(volume, reply);
      case ReplyPacket.RsDataReply reply -> resyncReply(volume, reply);
      case ReplyPacket.RsDeallocated range ->
          target(volume, packet).deallocated(range.sector() << SECTOR_SHIFT, range.sizeBytes());
      case ReplyPacket.RsDeallocatedId range ->
          target(volume, packet).deallocated(range.sector() << SECTOR_SHIFT, range.sizeBytes());
    }
  }

  private void readReply(PeerVolume volume, ReplyPacket.DataReply reply) throws ProtocolViolation {
    ReadTable reads = volume.volume().disk().reads();
    long offset = reply.sector() << SECTOR_SHIFT;
    ReadTable.Target target = reads.target(reply.blockId(), offset, reply.dataBytes());
    PeerSession open = session();
    ByteBuf into = target.buffer().slice(target.offsetBytes(), reply.dataBytes()).writerIndex(0);
    open.receiveBulk(
        into,
        reply.dataBytes(),
        () -> {
          try {
            reads.answered(reply.blockId(), offset);
          } catch (ProtocolViolation e) {
            open.end(ConnectionState.PROTOCOL_ERROR, e.getMessage());
          }
        });
  }

  private void resyncReply(PeerVolume volume, ReplyPacket.RsDataReply reply)
      throws ProtocolViolation {
    long offset = reply.sector() << SECTOR_SHIFT;
    ResyncTarget target = target(volume, reply);
    target.expect(offset, reply.dataBytes());
    receive(reply.dataBytes(), data -> target.data(offset, reply.dataBytes(), data));
  }

  private static ResyncTarget target(PeerVolume volume, Packet packet) throws ProtocolViolation {
    return volume
        .target()
        .orElseThrow(
            () -> new ProtocolViolation(packet.command() + " although no resync is running"));
  }

  // -- the control stream

  /** A packet of the control stream. */
  void control(int number, Packet packet) throws ProtocolViolation {
    switch (packet) {
      case AckPacket.BlockAck ack -> blockAck(volume(number, packet), ack);
      case AckPacket.BarrierAck ack -> peer.writes().epochIsDurable(ack.barrier(), ack.setSize());
      case StatePacket.ConnStChgReply reply -> peer.requests().answered(reply.retcode());
      case StatePacket.StateChgReply reply -> peer.requests().answered(reply.retcode());
      default -> throw unexpected(packet);
    }
  }

  private void blockAck(PeerVolume volume, AckPacket.BlockAck ack) throws ProtocolViolation {
    long offset = ack.sector() << SECTOR_SHIFT;
    boolean resync = ack.blockId() == OutgoingLine.ALL_ONES;
    switch (ack.kind()) {
      case RECV_ACK, WRITE_ACK -> peer.writes().acked(ack.blockId(), offset, false);
      case WRITE_ACK_IN_SYNC -> peer.writes().acked(ack.blockId(), offset, true);
      case RS_WRITE_ACK -> {
        if (resync) {
          resyncAcked(volume, offset, ack.sizeBytes(), true);
        } else {
          peer.writes().acked(ack.blockId(), offset, true);
        }
      }
      case NEG_ACK -> {
        if (resync) {
          resyncAcked(volume, offset, ack.sizeBytes(), false);
        } else if (!peer.writes().failed(ack.blockId(), offset)) {
          volume
              .slot()
              .ifPresent(
                  slot ->
                      volume
                          .volume()
                          .backing()
                          .orElseThrow()
                          .setOutOfSync(slot, offset, ack.sizeBytes()));
        }
      }
      case RS_NEG_ACK -> resyncAcked(volume, offset, ack.sizeBytes(), false);
      case NEG_DREPLY -> volume.volume().disk().reads().refused(ack.blockId(), offset);
      case NEG_RS_DREPLY -> target(volume, ack).refused(offset, ack.sizeBytes());
      case RS_CANCEL, RS_CANCEL_AHEAD -> target(volume, ack).cancelled(offset, ack.sizeBytes());
      case RS_IS_IN_SYNC, OV_RESULT, SUPERSEDED, RETRY_WRITE -> throw unexpected(ack);
    }
  }

  private static void resyncAcked(PeerVolume volume, long offset, int bytes, boolean written)
      throws ProtocolViolation {
    Optional<ResyncSource> source = volume.source();
    if (source.isPresent()) {
      source.get().acknowledged(offset, bytes, written);
    }
  }
}
