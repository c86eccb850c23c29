package io.jdrbd.wire;

import io.jdrbd.wire.AckPacket.BarrierAck;
import io.jdrbd.wire.AckPacket.BlockAck;
import io.jdrbd.wire.AckPacket.ConfirmStable;
import io.jdrbd.wire.AckPacket.OvResultId;
import io.jdrbd.wire.BitmapPacket.Bitmap;
import io.jdrbd.wire.BitmapPacket.CompressedBitmap;
import io.jdrbd.wire.ChangeStreamPacket.Dagtag;
import io.jdrbd.wire.ChangeStreamPacket.FlushForward;
import io.jdrbd.wire.ChangeStreamPacket.FlushRequests;
import io.jdrbd.wire.ChangeStreamPacket.FlushRequestsAck;
import io.jdrbd.wire.ChangeStreamPacket.PeerAck;
import io.jdrbd.wire.ChangeStreamPacket.PeerDagtag;
import io.jdrbd.wire.ChangeStreamPacket.PeersInSync;
import io.jdrbd.wire.HandshakePacket.AuthChallenge;
import io.jdrbd.wire.HandshakePacket.AuthResponse;
import io.jdrbd.wire.HandshakePacket.ConnectionFeatures;
import io.jdrbd.wire.HandshakePacket.Disconnect;
import io.jdrbd.wire.HandshakePacket.InitialData;
import io.jdrbd.wire.HandshakePacket.InitialMeta;
import io.jdrbd.wire.HandshakePacket.Protocol;
import io.jdrbd.wire.HandshakePacket.ProtocolUpdate;
import io.jdrbd.wire.KeepalivePacket.DelayProbe;
import io.jdrbd.wire.KeepalivePacket.Ping;
import io.jdrbd.wire.KeepalivePacket.PingAck;
import io.jdrbd.wire.NegotiationPacket.EnableReplication;
import io.jdrbd.wire.NegotiationPacket.EnableReplicationNext;
import io.jdrbd.wire.NegotiationPacket.Sizes;
import io.jdrbd.wire.NegotiationPacket.SyncParam;
import io.jdrbd.wire.NegotiationPacket.SyncParam89;
import io.jdrbd.wire.ReplyPacket.DataReply;
import io.jdrbd.wire.ReplyPacket.RsDataReply;
import io.jdrbd.wire.ReplyPacket.RsDeallocated;
import io.jdrbd.wire.ReplyPacket.RsDeallocatedId;
import io.jdrbd.wire.RequestPacket.BlockRequest;
import io.jdrbd.wire.RequestPacket.DagtagRequest;
import io.jdrbd.wire.StatePacket.ConnStChgReply;
import io.jdrbd.wire.StatePacket.ConnStChgReq;
import io.jdrbd.wire.StatePacket.State;
import io.jdrbd.wire.StatePacket.StateChgReply;
import io.jdrbd.wire.StatePacket.StateChgReq;
import io.jdrbd.wire.TwopcPacket.TwopcAbort;
import io.jdrbd.wire.TwopcPacket.TwopcCommit;
import io.jdrbd.wire.TwopcPacket.TwopcPrepare;
import io.jdrbd.wire.TwopcPacket.TwopcPrepareResize;
import io.jdrbd.wire.TwopcPacket.TwopcReply;
import io.jdrbd.wire.UuidPacket.CurrentUuid;
import io.jdrbd.wire.UuidPacket.SyncUuid;
import io.jdrbd.wire.UuidPacket.Uuids;
import io.jdrbd.wire.UuidPacket.Uuids110;
import io.jdrbd.wire.WritePacket.Barrier;
import io.jdrbd.wire.WritePacket.Data;
import io.jdrbd.wire.WritePacket.OutOfSync;
import io.jdrbd.wire.WritePacket.Trim;
import io.jdrbd.wire.WritePacket.UnplugRemote;
import io.jdrbd.wire.WritePacket.Zeroes;
import io.netty.buffer.ByteBuf;

/** From a command and its bytes to its record: the table of spec 1.14, once more. */
final class PacketReaders {
  private PacketReaders() {}

  /**
   * Reads the fixed part of a packet whose length was checked.
   *
   * @param in has all of the fixed part
   * @param payloadBytes the length in the header: fixed part and bulk
   */
  static Packet read(Command command, ByteBuf in, int payloadBytes, WireDialect dialect)
      throws WireException {
    return switch (command) {
      case P_INITIAL_META -> new InitialMeta();
      case P_INITIAL_DATA -> new InitialData();
      case P_CONNECTION_FEATURES -> ConnectionFeatures.read(in);
      case P_AUTH_CHALLENGE -> new AuthChallenge(OpaqueBytes.read(in, payloadBytes));
      case P_AUTH_RESPONSE -> new AuthResponse(OpaqueBytes.read(in, payloadBytes));
      case P_PROTOCOL -> new Protocol(ProtocolSettings.read(command, in, payloadBytes));
      case P_PROTOCOL_UPDATE ->
          new ProtocolUpdate(ProtocolSettings.read(command, in, payloadBytes));
      case P_DISCONNECT -> new Disconnect();
      case P_PING -> new Ping();
      case P_PING_ACK -> new PingAck();
      case P_DELAY_PROBE -> DelayProbe.read(in);
      case P_SYNC_PARAM -> SyncParam.read(in, payloadBytes);
      case P_SYNC_PARAM89 -> SyncParam89.read(in, dialect);
      case P_SIZES -> Sizes.read(in, dialect);
      case P_ENABLE_REPLICATION_NEXT -> EnableReplicationNext.read(in);
      case P_ENABLE_REPLICATION -> EnableReplication.read(in);
      case P_UUIDS -> Uuids.read(in);
      case P_UUIDS110 -> Uuids110.read(in, payloadBytes);
      case P_CURRENT_UUID -> CurrentUuid.read(in);
      case P_SYNC_UUID -> new SyncUuid(in.readLong());
      case P_STATE -> State.read(in, dialect);
      case P_STATE_CHG_REQ -> StateChgReq.read(in);
      case P_CONN_ST_CHG_REQ -> ConnStChgReq.read(in);
      case P_STATE_CHG_REPLY -> new StateChgReply(in.readInt());
      case P_CONN_ST_CHG_REPLY -> new ConnStChgReply(in.readInt());
      case P_TWOPC_PREPARE -> TwopcPrepare.read(in, dialect);
      case P_TWOPC_PREP_RSZ -> TwopcPrepareResize.read(in, dialect);
      case P_TWOPC_COMMIT -> TwopcCommit.read(in, dialect);
      case P_TWOPC_ABORT -> TwopcAbort.read(in, dialect);
      case P_DATA -> Data.read(in, payloadBytes, dialect);
      case P_TRIM -> Trim.read(in);
      case P_ZEROES -> Zeroes.read(in);
      case P_BARRIER -> Barrier.read(in);
      case P_UNPLUG_REMOTE -> new UnplugRemote();
      case P_OUT_OF_SYNC -> OutOfSync.read(in);
      case P_BARRIER_ACK -> BarrierAck.read(in);
      case P_CONFIRM_STABLE -> ConfirmStable.read(in);
      case P_OV_RESULT_ID -> OvResultId.read(in);
      case P_DATA_REPLY -> DataReply.read(in, payloadBytes, dialect);
      case P_RS_DATA_REPLY -> RsDataReply.read(in, payloadBytes, dialect);
      case P_RS_DEALLOCATED -> RsDeallocated.read(in);
      case P_RS_DEALLOCATED_ID -> RsDeallocatedId.read(in);
      case P_BITMAP -> new Bitmap(payloadBytes);
      case P_COMPRESSED_BITMAP -> CompressedBitmap.read(in, payloadBytes);
      case P_DAGTAG -> new Dagtag(in.readLong());
      case P_PEER_ACK -> PeerAck.read(in);
      case P_PEER_DAGTAG -> PeerDagtag.read(in);
      case P_PEERS_IN_SYNC -> PeersInSync.read(in);
      case P_FLUSH_REQUESTS -> new FlushRequests(in.readLong());
      case P_FLUSH_FORWARD -> FlushForward.read(in);
      case P_FLUSH_REQUESTS_ACK -> FlushRequestsAck.read(in);
      case P_RECV_ACK -> BlockAck.read(BlockAck.Kind.RECV_ACK, in);
      case P_WRITE_ACK -> BlockAck.read(BlockAck.Kind.WRITE_ACK, in);
      case P_RS_WRITE_ACK -> BlockAck.read(BlockAck.Kind.RS_WRITE_ACK, in);
      case P_SUPERSEDED -> BlockAck.read(BlockAck.Kind.SUPERSEDED, in);
      case P_NEG_ACK -> BlockAck.read(BlockAck.Kind.NEG_ACK, in);
      case P_NEG_DREPLY -> BlockAck.read(BlockAck.Kind.NEG_DREPLY, in);
      case P_NEG_RS_DREPLY -> BlockAck.read(BlockAck.Kind.NEG_RS_DREPLY, in);
      case P_OV_RESULT -> BlockAck.read(BlockAck.Kind.OV_RESULT, in);
      case P_RS_IS_IN_SYNC -> BlockAck.read(BlockAck.Kind.RS_IS_IN_SYNC, in);
      case P_RS_CANCEL -> BlockAck.read(BlockAck.Kind.RS_CANCEL, in);
      case P_RETRY_WRITE -> BlockAck.read(BlockAck.Kind.RETRY_WRITE, in);
      case P_RS_CANCEL_AHEAD -> BlockAck.read(BlockAck.Kind.RS_CANCEL_AHEAD, in);
      case P_WRITE_ACK_IN_SYNC -> BlockAck.read(BlockAck.Kind.WRITE_ACK_IN_SYNC, in);
      case P_RS_NEG_ACK -> BlockAck.read(BlockAck.Kind.RS_NEG_ACK, in);
      case P_DATA_REQUEST -> BlockRequest.read(BlockRequest.Kind.DATA_REQUEST, in, payloadBytes);
      case P_RS_DATA_REQUEST ->
          BlockRequest.read(BlockRequest.Kind.RS_DATA_REQUEST, in, payloadBytes);
      case P_RS_THIN_REQ -> BlockRequest.read(BlockRequest.Kind.RS_THIN_REQ, in, payloadBytes);
      case P_CSUM_RS_REQUEST ->
          BlockRequest.read(BlockRequest.Kind.CSUM_RS_REQUEST, in, payloadBytes);
      case P_OV_REQUEST -> BlockRequest.read(BlockRequest.Kind.OV_REQUEST, in, payloadBytes);
      case P_OV_REPLY -> BlockRequest.read(BlockRequest.Kind.OV_REPLY, in, payloadBytes);
      case P_RS_DAGTAG_REQ ->
          DagtagRequest.read(DagtagRequest.Kind.RS_DAGTAG_REQ, in, payloadBytes);
      case P_RS_CSUM_DAGTAG_REQ ->
          DagtagRequest.read(DagtagRequest.Kind.RS_CSUM_DAGTAG_REQ, in, payloadBytes);
      case P_RS_THIN_DAGTAG_REQ ->
          DagtagRequest.read(DagtagRequest.Kind.RS_THIN_DAGTAG_REQ, in, payloadBytes);
      case P_OV_DAGTAG_REQ ->
          DagtagRequest.read(DagtagRequest.Kind.OV_DAGTAG_REQ, in, payloadBytes);
      case P_OV_DAGTAG_REPLY ->
          DagtagRequest.read(DagtagRequest.Kind.OV_DAGTAG_REPLY, in, payloadBytes);
      case P_TWOPC_YES -> TwopcReply.read(TwopcReply.Kind.YES, in);
      case P_TWOPC_NO -> TwopcReply.read(TwopcReply.Kind.NO, in);
      case P_TWOPC_RETRY -> TwopcReply.read(TwopcReply.Kind.RETRY, in);
    };
  }
}
