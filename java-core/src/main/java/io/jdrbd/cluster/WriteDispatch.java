package io.jdrbd.cluster;

import io.jdrbd.replication.IncomingVolume;
import io.jdrbd.replication.IncomingWrites;
import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.wire.DataFlags;
import io.jdrbd.wire.ProtocolSettings;
import io.jdrbd.wire.WritePacket;
import java.util.Optional;

/** Takes what a peer's applications have written (spec 2.4, 2.9, 2.11). */
final class WriteDispatch {
  private static final int FLAGS_TELL_ACKS_FROM = 100;

  private final ClusterPeer peer;

  WriteDispatch(ClusterPeer peer) {
    this.peer = peer;
  }

  private IncomingWrites incoming() {
    return peer.incoming().orElseThrow();
  }

  /** A write; its data is still in the stream. */
  void data(PeerVolume volume, WritePacket.Data packet) throws ProtocolViolation {
    VolumeRange range =
        VolumeRange.of(volume, packet.command(), packet.sector(), packet.dataBytes());
    Optional<IncomingVolume> target = volume.incoming();
    if (target.isEmpty()) {
      unwritable(volume, packet.blockId(), range);
      peer.bulk().skip(packet.bulkBytes());
      return;
    }
    IncomingWrites writes = incoming();
    volume.traffic().received(packet.dataBytes());
    peer.bulk()
        .receiveChecked(
            packet.dataBytes(),
            data ->
                writes.write(
                    target.get(),
                    packet.blockId(),
                    range.offsetBytes(),
                    range.lengthBytes(),
                    data,
                    manner(packet.flags())));
  }

  /** A discard: the disk may make a hole of it. */
  void trim(PeerVolume volume, WritePacket.Trim packet) throws ProtocolViolation {
    VolumeRange range =
        VolumeRange.of(volume, packet.command(), packet.sector(), packet.sizeBytes());
    zeroes(volume, packet.blockId(), range, true, packet.flags());
  }

  /** A range that is to read as zeroes. */
  void zeroes(PeerVolume volume, WritePacket.Zeroes packet) throws ProtocolViolation {
    VolumeRange range =
        VolumeRange.of(volume, packet.command(), packet.sector(), packet.sizeBytes());
    boolean mayDiscard = (packet.flags() & DataFlags.DISCARD) != 0;
    zeroes(volume, packet.blockId(), range, mayDiscard, packet.flags());
  }

  private void zeroes(
      PeerVolume volume, long id, VolumeRange range, boolean mayDiscard, int flags) {
    Optional<IncomingVolume> target = volume.incoming();
    if (target.isEmpty()) {
      unwritable(volume, id, range);
      return;
    }
    incoming()
        .zeroes(
            target.get(), id, range.offsetBytes(), range.lengthBytes(), mayDiscard, manner(flags));
  }

  private void unwritable(PeerVolume volume, long id, VolumeRange range) {
    incoming().unwritable(volume.number(), id, range.offsetBytes(), range.lengthBytes());
  }

  private IncomingWrites.Manner manner(int flags) {
    boolean told = peer.dialect().protocolVersion() >= FLAGS_TELL_ACKS_FROM;
    int protocol = peer.settings().protocol();
    return new IncomingWrites.Manner(
        told ? (flags & DataFlags.SEND_RECEIVE_ACK) != 0 : protocol == ProtocolSettings.PROTOCOL_B,
        told ? (flags & DataFlags.SEND_WRITE_ACK) != 0 : protocol == ProtocolSettings.PROTOCOL_C,
        (flags & DataFlags.FUA) != 0,
        (flags & DataFlags.FLUSH) != 0,
        (flags & DataFlags.MAY_SET_IN_SYNC) != 0);
  }

  /** The end of an epoch. */
  void barrier(WritePacket.Barrier packet) throws ProtocolViolation {
    incoming().barrier(packet.barrier());
  }

  /** The peer has changed a range and does not send it; its earlier writes come first. */
  void outOfSync(PeerVolume volume, WritePacket.OutOfSync packet) throws ProtocolViolation {
    VolumeRange range =
        VolumeRange.of(volume, packet.command(), packet.sector(), packet.sizeBytes());
    peer.holdData();
    incoming()
        .whenAllWritten(
            () -> {
              volume.markOutOfSync(range.offsetBytes(), range.lengthBytes());
              peer.releaseData();
            });
  }
}
