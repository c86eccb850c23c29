package io.jdrbd.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.disk.filter.FilterDisk;
import io.jdrbd.disk.memory.MemoryDisk;
import io.jdrbd.loop.SimLoop;
import io.jdrbd.metadata.attached.BackingDisk;
import io.jdrbd.metadata.attached.MetadataMemory;
import io.jdrbd.metadata.bitmap.Bitmap;
import io.jdrbd.metadata.format.AlGeometry;
import io.jdrbd.metadata.format.BitGranularity;
import io.jdrbd.metadata.format.BitmapArea;
import io.jdrbd.metadata.format.CommonFields;
import io.jdrbd.metadata.format.Layout;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.metadata.format.Sectors;
import io.jdrbd.metadata.format.SuperblockV09;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a peer hears of its writes (spec 2.11.2, 2.16.2). */
class IncomingWritesTest {
  private static final int BLOCK = 4096;
  private static final int DISK_BYTES = 16 << 20;
  private static final IncomingWrites.Manner PROTOCOL_B =
      new IncomingWrites.Manner(true, false, false, false, false);
  private static final IncomingWrites.Manner PROTOCOL_B_FLUSH_BEFORE =
      new IncomingWrites.Manner(true, false, false, true, false);

  private final SimLoop loop = new SimLoop();
  private final WriteOrder order = new WriteOrder(loop, 0);
  private final BufferPool pool = new BufferPool(1 << 20);
  private final List<String> said = new ArrayList<>();
  private final IncomingWrites writes = new IncomingWrites(new Acks(), new OpenGate());
  private IncomingVolume volume;
  private boolean flushesFail;

  @BeforeEach
  void attach() throws DiskException {
    VolumeEvents events = new Events();
    volume =
        new IncomingVolume(
            new ReplicatedDisk("r0/0", 0, order, events),
            backing(new BadFlushes(new MemoryDisk(loop, DISK_BYTES))),
            order.addPeer(1),
            OptionalInt.of(0),
            new Usual(),
            events);
  }

  private BackingDisk backing(BlockDisk disk) {
    BitmapArea area = new BitmapArea(1, BitGranularity.DEFAULT);
    Layout layout = Layout.of(new Placement.Internal(), DISK_BYTES, area, AlGeometry.DEFAULT);
    long sectors = layout.dataSectorsMax(Sectors.ofBytes(DISK_BYTES), area);
    CommonFields common =
        CommonFields.created(layout, area.granularity(), AlGeometry.DEFAULT, sectors);
    return new BackingDisk(
        loop,
        new BackingDisk.Place(disk, disk, layout, Sectors.toBytes(sectors)),
        SuperblockV09.created(common, 1),
        new Bitmap(area, area.granularity().bits(sectors)),
        67,
        new MetadataMemory(pool.tryAllocate(MetadataMemory.BYTES).orElseThrow()));
  }

  private void write(long id, IncomingWrites.Manner manner) {
    writes.zeroes(volume, id, id * BLOCK, BLOCK, false, manner);
    loop.drain();
  }

  private void barrier(int number) throws ProtocolViolation {
    writes.barrier(number);
    loop.drain();
  }

  @Test
  void anEpochIsDurableWhenItsBarrierIsAcknowledged() throws ProtocolViolation {
    write(1, PROTOCOL_B);
    write(2, PROTOCOL_B);
    barrier(7);
    assertThat(said).containsExactly("RECEIVED 1", "RECEIVED 2", "flushed", "barrier 7 of 2");
  }

  /** A peer that forgot these writes would never mark what the disk's cache has lost. */
  @Test
  void whatAFailedFlushHasNotMadeDurableIsTakenBack() throws ProtocolViolation {
    write(1, PROTOCOL_B);
    barrier(7);
    said.clear();
    flushesFail = true;
    write(2, PROTOCOL_B);
    write(3, PROTOCOL_B);
    barrier(8);
    assertThat(said)
        .containsExactly(
            "RECEIVED 2", "RECEIVED 3", "FLUSH failed", "FAILED 2", "FAILED 3", "barrier 8 of 2");
  }

  /** The flush at the barrier does not bring back what an earlier one has lost. */
  @Test
  void aFailedFlushBeforeAWriteIsNotForgotten() throws ProtocolViolation {
    write(1, PROTOCOL_B);
    flushesFail = true;
    write(2, PROTOCOL_B_FLUSH_BEFORE);
    flushesFail = false;
    said.clear();
    barrier(7);
    assertThat(said).containsExactly("flushed", "FAILED 1", "FAILED 2", "barrier 7 of 2");
  }

  @Test
  void theNextEpochHasNothingToDoWithIt() throws ProtocolViolation {
    flushesFail = true;
    write(1, PROTOCOL_B);
    barrier(7);
    flushesFail = false;
    said.clear();
    write(2, PROTOCOL_B);
    barrier(8);
    assertThat(said).containsExactly("RECEIVED 2", "flushed", "barrier 8 of 1");
  }

  @Test
  void aLostPeerIsToldNothing() throws ProtocolViolation {
    flushesFail = true;
    write(1, PROTOCOL_B);
    said.clear();
    writes.barrier(7);
    writes.close(() -> said.add("written"));
    loop.drain();
    assertThat(said).containsExactly("written", "FLUSH failed");
  }

  private final class BadFlushes extends FilterDisk {
    BadFlushes(BlockDisk inner) {
      super(inner);
    }

    @Override
    public void submit(DiskRequest request) {
      if (request.op() != DiskRequest.Op.FLUSH) {
        inner().submit(request);
      } else if (flushesFail) {
        DiskException error = DiskException.of(Errno.EIO, request, description(), "a fault");
        loop.execute(() -> request.fail(error));
      } else {
        said.add("flushed");
        inner().submit(request);
      }
    }
  }

  private final class Acks implements AckLine {
    @Override
    public void ack(Kind kind, int volume, long id, long offsetBytes, long lengthBytes) {
      assertThat(offsetBytes).isEqualTo(id * BLOCK);
      assertThat(lengthBytes).isEqualTo(BLOCK);
      said.add(kind + " " + id);
    }

    @Override
    public void barrierAck(int barrier, int writes) {
      said.add("barrier %d of %d".formatted(barrier, writes));
    }
  }

  private static final class OpenGate implements DataGate {
    @Override
    public void hold() {
      // nothing comes but what the test sends
    }

    @Override
    public void release() {
      // see above
    }
  }

  private static final class Usual implements IncomingVolume.Circumstances {
    @Override
    public boolean isResyncing() {
      return false;
    }

    @Override
    public boolean senderHasNoDisk() {
      return false;
    }

    @Override
    public boolean isFlushedAtBarriers() {
      return true;
    }
  }

  private final class Events implements VolumeEvents {
    @Override
    public void dataFailed(DiskRequest.Op op, DiskException why) {
      said.add(op + " failed");
    }

    @Override
    public void metadataFailed(DiskException why) {
      throw new AssertionError(why);
    }
  }
}
