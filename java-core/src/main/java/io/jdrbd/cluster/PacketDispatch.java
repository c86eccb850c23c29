package io.jdrbd.cluster;

import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.state.Role;
import io.jdrbd.state.cluster.StateRequest;
import io.jdrbd.wire.AckPacket;
import io.jdrbd.wire.BitmapPacket;
import io.jdrbd.wire.ChangeStreamPacket;
import io.jdrbd.wire.HandshakePacket;
import io.jdrbd.wire.HeaderFormat;
import io.jdrbd.wire.NegotiationPacket;
import io.jdrbd.wire.Packet;
import io.jdrbd.wire.ReplyPacket;
import io.jdrbd.wire.RequestPacket;
import io.jdrbd.wire.StatePacket;
import io.jdrbd.wire.StateWord;
import io.jdrbd.wire.TwopcPacket;
import io.jdrbd.wire.UuidPacket;
import io.jdrbd.wire.WireException;
import io.jdrbd.wire.WritePacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/** Hands what a peer sends on one connection to whom it concerns. On the loop. */
final class PacketDispatch {
  private static final System.Logger LOG = System.getLogger(PacketDispatch.class.getName());
  private static final int BITMAP_BYTES_MAX = 4096;

  private final ClusterPeer peer;
  private final WriteDispatch writes;
  private final BlockDispatch blocks;
  private final ByteBuf small = Unpooled.buffer(BITMAP_BYTES_MAX, BITMAP_BYTES_MAX);

  /** The bitmap whose packets are coming: nothing may come between them (spec 6.2). */
  private Optional<BitmapTransfer> series = Optional.empty();

  PacketDispatch(ClusterPeer peer) {
    this.peer = peer;
    this.writes = new WriteDispatch(peer);
    this.blocks = new BlockDispatch(peer);
  }

  /** A packet of the data stream. */
  void data(int number, Packet packet) throws WireException, ProtocolViolation {
    if (series.isPresent() && !(packet instanceof BitmapPacket)) {
      throw new ProtocolViolation(packet.command() + " between the packets of a bitmap");
    }
    if (isAboutUnknownVolume(number, packet)) {
      peer.bulk().skip(packet.bulkBytes());
      return;
    }
    switch (packet) {
      case WritePacket write -> write(number, write);
      case NegotiationPacket negotiation -> negotiation(number, negotiation);
      case UuidPacket uuids -> uuids(number, uuids);
      case StatePacket state -> state(number, state);
      case BitmapPacket bitmap -> bitmap(volume(number, packet).bitmaps(), bitmap);
      case RequestPacket request -> blocks.request(standing(number, packet), request);
      case ReplyPacket reply -> blocks.reply(standing(number, packet), reply);
      case TwopcPacket.Request request ->
          peer.resource().transactions().request(peer.nodeId(), number, request);
      case ChangeStreamPacket position -> position(position);
      case HandshakePacket.Disconnect ignored -> peer.rejected();
      default -> throw unexpected(packet);
    }
  }

  /** A packet of the control stream. */
  void control(int number, Packet packet) throws ProtocolViolation {
    switch (packet) {
      case AckPacket.BlockAck ack -> blocks.ack(volume(number, packet), ack);
      case AckPacket.OvResultId result -> blocks.verified(volume(number, packet), result);
      case AckPacket.BarrierAck ack -> peer.writes().epochIsDurable(ack.barrier(), ack.setSize());
      case StatePacket.ConnStChgReply reply -> peer.requests().answered(reply.retcode());
      case StatePacket.StateChgReply reply -> peer.requests().answered(reply.retcode());
      case TwopcPacket.TwopcReply reply ->
          peer.resource().transactions().replied(peer.nodeId(), reply);
      case AckPacket.ConfirmStable stable ->
          peer.writes()
              .someAreDurable(stable.oldestBlockId(), stable.youngestBlockId(), stable.setSize());
      case ChangeStreamPacket position -> position(position);
      default -> throw unexpected(packet);
    }
  }

  /** A volume that exists at the peer only: its packets are passed over (spec 1.10.2). */
  private boolean isAboutUnknownVolume(int number, Packet packet) {
    boolean negotiates =
        packet instanceof NegotiationPacket
            || packet instanceof UuidPacket
            || packet instanceof StatePacket.State;
    boolean whole = number == HeaderFormat.NO_VOLUME;
    boolean unknown = negotiates && !whole && peer.volume(number).isEmpty();
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

  /** A packet that does not belong here. */
  static ProtocolViolation unexpected(Packet packet) {
    return new ProtocolViolation(packet.command() + " must not come now");
  }

  private PeerVolume volume(int number, Packet packet) throws ProtocolViolation {
    return peer.volume(number)
        .orElseThrow(
            () ->
                new ProtocolViolation(
                    "%s for volume %d, which does not exist here"
                        .formatted(packet.command(), number)));
  }

  /** Data is read and written only when both know what the other has (spec 3.1). */
  private PeerVolume standing(int number, Packet packet) throws ProtocolViolation {
    PeerVolume volume = volume(number, packet);
    if (!volume.peerStates().isDone()) {
      throw new ProtocolViolation(packet.command() + " before the connection stands");
    }
    return volume;
  }

  private void write(int number, WritePacket packet) throws ProtocolViolation {
    switch (packet) {
      case WritePacket.Data data -> writes.data(standing(number, packet), data);
      case WritePacket.Trim trim -> writes.trim(standing(number, packet), trim);
      case WritePacket.Zeroes zeroes -> writes.zeroes(standing(number, packet), zeroes);
      case WritePacket.Barrier barrier -> writes.barrier(barrier);
      case WritePacket.UnplugRemote ignored -> {
        // a hint that this node does not need
      }
      case WritePacket.OutOfSync range -> writes.outOfSync(standing(number, packet), range);
    }
  }

  private void negotiation(int number, NegotiationPacket packet) throws ProtocolViolation {
    PeerNegotiation negotiation = volume(number, packet).negotiation();
    switch (packet) {
      case NegotiationPacket.SyncParam89 param -> negotiation.syncParam(param);
      case NegotiationPacket.Sizes sizes -> negotiation.sizes().received(sizes);
      case NegotiationPacket.EnableReplication ignored -> {
        // DRBD 9.3 sends it to old peers, too (spec 1.16, trap 25)
      }
      default -> throw unexpected(packet);
    }
  }

  /** Third nodes need it; with two, what it says is known already (spec 2.14, 6.11). */
  private static void position(ChangeStreamPacket packet) throws ProtocolViolation {
    switch (packet) {
      case ChangeStreamPacket.Dagtag ignored -> {}
      case ChangeStreamPacket.PeerAck ignored -> {}
      case ChangeStreamPacket.PeersInSync ignored -> {}
      case ChangeStreamPacket.PeerDagtag ignored -> {}
      case ChangeStreamPacket.FlushRequests flush -> throw unexpected(flush);
      case ChangeStreamPacket.FlushForward flush -> throw unexpected(flush);
      case ChangeStreamPacket.FlushRequestsAck flush -> throw unexpected(flush);
    }
  }

  private void uuids(int number, UuidPacket packet) throws ProtocolViolation {
    boolean old = packet instanceof UuidPacket.Uuids || packet instanceof UuidPacket.SyncUuid;
    if (old == peer.dialect().isVersion9()) {
      throw unexpected(packet);
    }
    switch (packet) {
      case UuidPacket.Uuids uuids -> volume(number, packet).negotiation().uuids(uuids);
      case UuidPacket.Uuids110 uuids -> volume(number, packet).negotiation().uuids(uuids);
      case UuidPacket.CurrentUuid uuid -> volume(number, packet).negotiation().uuids(uuid);
      case UuidPacket.SyncUuid sync -> volume(number, packet).resyncStart().named(sync.uuid());
    }
  }

  private void state(int number, StatePacket packet) throws ProtocolViolation {
    switch (packet) {
      case StatePacket.State state -> {
        if (number == HeaderFormat.NO_VOLUME) {
          role(state);
        } else {
          volume(number, packet).peerStates().received(state);
        }
      }
      case StatePacket.ConnStChgReq wish ->
          peer.requests().connectionRequested(request(wish.mask(), wish.value()));
      case StatePacket.StateChgReq wish ->
          peer.requests().volumeRequested(number, request(wish.mask(), wish.value()));
      default -> throw unexpected(packet);
    }
  }

  /** Of the whole resource only that it was demoted is told (spec 3.3.4). */
  private void role(StatePacket.State state) {
    if (state.word().role() == Role.SECONDARY.number()) {
      peer.demoted();
    }
  }

  private static StateRequest request(StateWord mask, StateWord value) {
    return new StateRequest(mask.bits(), value.bits());
  }

  private void bitmap(BitmapTransfer transfer, BitmapPacket packet)
      throws WireException, ProtocolViolation {
    if (series.isPresent() && series.get() != transfer) {
      throw new ProtocolViolation(packet.command() + " of another volume than the one before");
    }
    if (packet.bulkBytes() == 0) {
      take(transfer, packet, Unpooled.EMPTY_BUFFER);
      return;
    }
    small.clear();
    peer.bulk().receive(small, packet.bulkBytes(), () -> take(transfer, packet, small));
  }

  private void take(BitmapTransfer transfer, BitmapPacket packet, ByteBuf bulk)
      throws WireException, ProtocolViolation {
    transfer.take(packet, bulk);
    series = transfer.isInSeries() ? Optional.of(transfer) : Optional.empty();
  }
}
