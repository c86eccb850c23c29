package io.jdrbd.cluster;

import io.jdrbd.cluster.line.OutgoingLine;
import io.jdrbd.cluster.line.ResyncPackets;
import io.jdrbd.connection.PeerSession;
import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.replication.ReadTable;
import io.jdrbd.resync.ResyncSource;
import io.jdrbd.resync.ResyncTarget;
import io.jdrbd.resync.SourceWish;
import io.jdrbd.state.DiskState;
import io.jdrbd.wire.AckPacket;
import io.jdrbd.wire.Command;
import io.jdrbd.wire.OpaqueBytes;
import io.jdrbd.wire.ReplyPacket;
import io.jdrbd.wire.RequestPacket;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** Requests for blocks, their answers, and what is said of blocks that were sent. */
final class BlockDispatch {
  private static final int SECTOR_SHIFT = 9;

  private final ClusterPeer peer;
  private final VerifyDispatch verify;

  BlockDispatch(ClusterPeer peer) {
    this.peer = peer;
    this.verify = new VerifyDispatch(peer);
  }

  /** The peer wants a range. */
  void request(PeerVolume volume, RequestPacket packet) throws ProtocolViolation {
    switch (packet) {
      case RequestPacket.BlockRequest request -> block(volume, request);
      case RequestPacket.DagtagRequest request -> dagtag(volume, request);
    }
  }

  private void block(PeerVolume volume, RequestPacket.BlockRequest request)
      throws ProtocolViolation {
    VolumeRange range =
        VolumeRange.ofRequest(volume, request.command(), request.sector(), request.sizeBytes());
    switch (request.kind()) {
      case DATA_REQUEST -> read(volume, request.blockId(), range);
      case RS_DATA_REQUEST -> resyncRequest(volume, request.blockId(), range, SourceWish.DATA);
      case RS_THIN_REQ -> resyncRequest(volume, request.blockId(), range, SourceWish.THIN);
      case CSUM_RS_REQUEST ->
          resyncRequest(volume, request.blockId(), range, unlessEqual(request.digest()));
      case OV_REQUEST -> verify.requested(volume, request.blockId(), range);
      case OV_REPLY -> verify.replied(volume, range, request.digest());
    }
  }

  /**
   * The position that it depends on is one in the peer's own stream, which is this one, or in this
   * node's: there is no third that would have to be waited for (spec 6.8).
   */
  private void dagtag(PeerVolume volume, RequestPacket.DagtagRequest request)
      throws ProtocolViolation {
    VolumeRange range =
        VolumeRange.ofRequest(volume, request.command(), request.sector(), request.sizeBytes());
    switch (request.kind()) {
      case RS_DAGTAG_REQ -> resyncRequest(volume, request.blockId(), range, SourceWish.DATA);
      case RS_THIN_DAGTAG_REQ -> resyncRequest(volume, request.blockId(), range, SourceWish.THIN);
      case RS_CSUM_DAGTAG_REQ ->
          resyncRequest(volume, request.blockId(), range, unlessEqual(request.digest()));
      case OV_DAGTAG_REQ -> verify.requested(volume, request.blockId(), range);
      case OV_DAGTAG_REPLY -> verify.replied(volume, range, request.digest());
    }
  }

  private static SourceWish unlessEqual(OpaqueBytes digest) {
    return SourceWish.unlessEqual(digest.toByteArray());
  }

  private void resyncRequest(PeerVolume volume, long id, VolumeRange range, SourceWish wish)
      throws ProtocolViolation {
    Optional<ResyncSource> source = volume.resync().source();
    if (source.isEmpty()) {
      peer.line()
          .ifPresent(
              line -> line.cancel(volume.number(), id, range.offsetBytes(), range.lengthBytes()));
    } else {
      source.get().requested(id, range.offsetBytes(), range.lengthBytes(), wish);
    }
  }

  /** A read of the peer's applications; nothing more is taken until there is a buffer for it. */
  private void read(PeerVolume volume, long id, VolumeRange range) {
    PeerSession open = peer.session().orElseThrow();
    OutgoingLine line = peer.line().orElseThrow();
    PeerRead read = new PeerRead(line, volume, id, range);
    if (peer.resource().now().volume(volume.number()).disk() != DiskState.UP_TO_DATE) {
      read.refuse();
      return;
    }
    open.holdData();
    peer.resource()
        .buffers()
        .allocate(
            range.lengthBytes(),
            peer.resource().loop(),
            buffer -> {
              read.begin(buffer);
              open.releaseData();
            });
  }

  /** The peer answers a request. */
  void reply(PeerVolume volume, ReplyPacket packet) throws ProtocolViolation {
    switch (packet) {
      case ReplyPacket.DataReply reply -> readReply(volume, reply);
      case ReplyPacket.RsDataReply reply -> resyncReply(volume, reply);
      case ReplyPacket.RsDeallocated range ->
          deallocated(volume, packet.command(), range.sector(), range.sizeBytes());
      case ReplyPacket.RsDeallocatedId range ->
          deallocated(volume, packet.command(), range.sector(), range.sizeBytes());
    }
  }

  private void deallocated(PeerVolume volume, Command command, long sector, int bytes)
      throws ProtocolViolation {
    if (!comesTooLate(volume)) {
      target(volume, command).deallocated(sector << SECTOR_SHIFT, bytes);
    }
  }

  private void readReply(PeerVolume volume, ReplyPacket.DataReply reply) throws ProtocolViolation {
    ReadTable reads = volume.volume().disk().reads();
    long offset = reply.sector() << SECTOR_SHIFT;
    ReadTable.Target target = reads.target(reply.blockId(), offset, reply.dataBytes());
    ByteBuf into = target.buffer().slice(target.offsetBytes(), reply.dataBytes()).writerIndex(0);
    volume.traffic().received(reply.dataBytes());
    peer.bulk()
        .receiveChecked(into, reply.dataBytes(), () -> reads.answered(reply.blockId(), offset));
  }

  private void resyncReply(PeerVolume volume, ReplyPacket.RsDataReply reply)
      throws ProtocolViolation {
    long offset = reply.sector() << SECTOR_SHIFT;
    if (comesTooLate(volume)) {
      peer.bulk().skip(reply.bulkBytes());
      return;
    }
    ResyncTarget target = target(volume, reply.command());
    target.expect(offset, reply.dataBytes());
    volume.traffic().received(reply.dataBytes());
    peer.bulk()
        .receiveChecked(reply.dataBytes(), data -> target.data(offset, reply.dataBytes(), data));
  }

  /** The answer to what was asked for before the disk left. */
  private boolean comesTooLate(PeerVolume volume) {
    DiskState disk = peer.resource().now().volume(volume.number()).disk();
    return volume.resync().target().isEmpty() && disk.isBelow(DiskState.INCONSISTENT);
  }

  private static ResyncTarget target(PeerVolume volume, Command command) throws ProtocolViolation {
    return volume
        .resync()
        .target()
        .orElseThrow(() -> new ProtocolViolation(command + " although no resync is running"));
  }

  /** The peer has done something with a block, or could not. */
  void ack(PeerVolume volume, AckPacket.BlockAck ack) throws ProtocolViolation {
    long offset = ack.sector() << SECTOR_SHIFT;
    boolean ids = peer.dialect().protocolVersion() >= OutgoingLine.IDS_ARE_ECHOED;
    boolean resync = ack.blockId() == OutgoingLine.ALL_ONES;
    switch (ack.kind()) {
      case RECV_ACK, WRITE_ACK -> peer.writes().acked(ack.blockId(), offset, false);
      case WRITE_ACK_IN_SYNC -> peer.writes().acked(ack.blockId(), offset, true);
      case RS_WRITE_ACK -> {
        if (ids || resync) {
          resyncAcked(volume, offset, ack.sizeBytes(), true);
        } else {
          peer.writes().acked(ack.blockId(), offset, true);
        }
      }
      case NEG_ACK -> {
        if (resync) {
          resyncAcked(volume, offset, ack.sizeBytes(), false);
        } else if (!peer.writes().failed(ack.blockId(), offset)) {
          VolumeRange range = VolumeRange.of(volume, ack.command(), ack.sector(), ack.sizeBytes());
          volume.markOutOfSync(range.offsetBytes(), range.lengthBytes());
        }
      }
      case RS_NEG_ACK -> resyncAcked(volume, offset, ack.sizeBytes(), false);
      case NEG_DREPLY -> volume.volume().disk().reads().refused(ack.blockId(), offset);
      case NEG_RS_DREPLY -> {
        if (!comesTooLate(volume)) {
          target(volume, ack.command()).refused(offset, ack.sizeBytes());
        }
      }
      case RS_CANCEL, RS_CANCEL_AHEAD -> {
        if (!verify.cancelled(volume, offset, ack.sizeBytes()) && !comesTooLate(volume)) {
          target(volume, ack.command()).cancelled(offset, ack.sizeBytes());
        }
      }
      case RS_IS_IN_SYNC -> {
        if (!comesTooLate(volume)) {
          target(volume, ack.command()).isInSync(offset, ack.sizeBytes());
        }
      }
      case OV_RESULT -> verify.result(volume, offset, ack.sizeBytes(), ResyncPackets.result(ack));
      case SUPERSEDED, RETRY_WRITE -> throw PacketDispatch.unexpected(ack);
    }
  }

  /** What the peer has found of a block that this node was asked to compare. */
  void verified(PeerVolume volume, AckPacket.OvResultId result) throws ProtocolViolation {
    verify.result(
        volume, result.sector() << SECTOR_SHIFT, result.sizeBytes(), ResyncPackets.result(result));
  }

  private static void resyncAcked(PeerVolume volume, long offset, int bytes, boolean written)
      throws ProtocolViolation {
    Optional<ResyncSource> source = volume.resync().source();
    if (source.isPresent()) {
      source.get().acknowledged(offset, bytes, written);
    }
  }
}
