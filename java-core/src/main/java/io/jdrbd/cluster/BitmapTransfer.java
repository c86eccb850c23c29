package io.jdrbd.cluster;

import io.jdrbd.connection.PeerSession;
import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.BitRange;
import io.jdrbd.replication.ProtocolViolation;
import io.jdrbd.wire.BitmapPacket;
import io.jdrbd.wire.PacketEncoder;
import io.jdrbd.wire.StreamKind;
import io.jdrbd.wire.WireException;
import io.jdrbd.wire.bitmap.BitSink;
import io.jdrbd.wire.bitmap.BitSource;
import io.jdrbd.wire.bitmap.BitmapReceiver;
import io.jdrbd.wire.bitmap.BitmapSender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/**
 * Sends the own bitmap towards a peer, and merges the peer's into it (spec 6.2). A series is sent
 * in one piece, because nothing may come between its packets: it waits in the send queue, at most
 * 32 MiB for 1 TiB, and far less where it can be compressed.
 */
final class BitmapTransfer {
  private static final int PACKET_BYTES_MAX = 4096;

  private final PeerVolume device;
  private Optional<BitmapReceiver> receiver = Optional.empty();

  BitmapTransfer(PeerVolume device) {
    this.device = device;
  }

  /** The connection is lost. */
  void reset() {
    receiver = Optional.empty();
  }

  /** Whether a series has begun and not ended: nothing else may arrive meanwhile. */
  boolean isInSeries() {
    return receiver.isPresent();
  }

  /** Sends all packets of the series. */
  void send() {
    if (device.slot().isPresent()) {
      device.peer().session().ifPresent(this::send);
    }
  }

  private void send(PeerSession session) {
    BitmapSender.Form form =
        device.peer().settings().compressedBitmaps()
            ? BitmapSender.Form.SHORTER
            : BitmapSender.Form.PLAIN;
    BitmapSender sender = new BitmapSender(new Bits(), form, session.dialect());
    ByteBuf bulk = Unpooled.buffer(PACKET_BYTES_MAX, PACKET_BYTES_MAX);
    while (!sender.isComplete()) {
      BitmapPacket packet = sender.next(bulk.clear());
      ByteBuf out = session.scratch(StreamKind.DATA);
      PacketEncoder.encode(out, session.dialect(), device.number(), packet);
      out.writeBytes(bulk);
      session.sendScratch(StreamKind.DATA);
    }
    bulk.release();
  }

  /** A packet of the peer's series. */
  void take(BitmapPacket packet, ByteBuf bulk) throws WireException, ProtocolViolation {
    if (device.volume().backing().isEmpty()) {
      receiver = Optional.empty();
      return;
    }
    if (device.slot().isEmpty()) {
      throw new ProtocolViolation(
          "%s for volume %d, which has no bitmap for this peer"
              .formatted(packet.command(), device.number()));
    }
    BitmapReceiver series =
        receiver.orElseGet(
            () -> new BitmapReceiver(new Bits(), bitmap().bits(), device.peer().dialect()));
    receiver = Optional.of(series);
    if (series.take(packet, bulk)) {
      receiver = Optional.empty();
      device.resyncStart().bitmapsAreMerged();
    }
  }

  private Bitmap bitmap() {
    return device.volume().backing().orElseThrow().bitmap();
  }

  /** The bitmap towards the peer, as its coding sees it. */
  private final class Bits implements BitSource, BitSink {
    private final Bitmap bitmap = bitmap();
    private final int slot = device.slot().orElseThrow();

    @Override
    public long bits() {
      return bitmap.bits();
    }

    @Override
    public long word(long index) {
      return bitmap.word(slot, index);
    }

    @Override
    public void set(long first, long end) {
      bitmap.set(slot, new BitRange(first, end));
    }

    @Override
    public void merge(long index, long word) {
      bitmap.mergeWord(slot, index, word);
    }
  }
}
