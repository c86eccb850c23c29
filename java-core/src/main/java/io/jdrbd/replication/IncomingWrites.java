package io.jdrbd.replication;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * The writes of one peer, as they arrive on one connection: to the disk, acknowledged, and epoch
 * after epoch made durable (spec 2.11.2, 2.13). Made anew for every connection.
 *
 * <p>At a barrier the data stream stands still until all writes before it are on the disk and the
 * disk's cache is flushed, if that is wanted. The control stream goes on meanwhile. The method
 * {@code none} is not taken at its word: it waits for the writes as {@code drain} does.
 */
public final class IncomingWrites {
  /** So many may be on their way to the disk; beyond, the data stream has to wait. */
  static final int ACTIVE_MAX = 4096;

  /**
   * How a write has to be done and answered (dp_flags, spec 2.5).
   *
   * @param ackOnReceipt P_RECV_ACK is due
   * @param ackWhenWritten a write ack is due
   * @param fua durable before it counts as written
   * @param flushBefore the disk's cache is flushed before it is written
   * @param mayTakeMarksAway this node's marks may go when it is written
   */
  public record Manner(
      boolean ackOnReceipt,
      boolean ackWhenWritten,
      boolean fua,
      boolean flushBefore,
      boolean mayTakeMarksAway) {}

  private final AckLine acks;
  private final DataGate gate;
  private final ArrayDeque<IncomingWrite> idle = new ArrayDeque<>();
  private final IncomingEpoch epoch = new IncomingEpoch();
  private int active;
  private Optional<Runnable> whenIdle = Optional.empty();
  private boolean closed;

  /**
   * @param gate of the data stream
   */
  public IncomingWrites(AckLine acks, DataGate gate) {
    this.acks = acks;
    this.gate = gate;
  }

  /**
   * A write has arrived as a whole.
   *
   * @param id the peer's
   * @param payload holds the data from its start; the reference is taken over
   */
  public void write(
      IncomingVolume volume,
      long id,
      long offsetBytes,
      int lengthBytes,
      PooledBuffer payload,
      Manner manner) {
    IncomingWrite write = join(volume, id, manner, payload);
    write.write(offsetBytes, lengthBytes, payload, 0, manner.fua());
    begin(write);
  }

  /**
   * A discard or write of zeroes has arrived. Both read as zeroes afterwards, so that the nodes
   * stay equal (spec 2.9).
   *
   * @param mayDiscard the range may become a hole
   */
  public void zeroes(
      IncomingVolume volume,
      long id,
      long offsetBytes,
      long lengthBytes,
      boolean mayDiscard,
      Manner manner) {
    IncomingWrite write = join(volume, id, manner, PooledBuffer.NONE);
    write.writeZeroes(offsetBytes, lengthBytes, mayDiscard, manner.fua(), false);
    begin(write);
  }

  /** A write came for a volume without a usable disk; its data was dropped. */
  public void unwritable(int volume, long id, long offsetBytes, long lengthBytes) {
    epoch.count();
    acks.ack(AckLine.Kind.FAILED, volume, id, offsetBytes, lengthBytes);
  }

  private IncomingWrite join(IncomingVolume volume, long id, Manner manner, PooledBuffer payload) {
    IncomingWrite write = idle.isEmpty() ? new IncomingWrite(this) : idle.remove();
    write.join(volume, id, manner, payload);
    return write;
  }

  private void begin(IncomingWrite write) {
    active++;
    write.volume().began();
    if (active == ACTIVE_MAX) {
      gate.hold();
    }
    epoch.count();
    epoch.touch(write.volume());
    if (write.manner().ackOnReceipt()) {
      ack(AckLine.Kind.RECEIVED, write);
    }
    write.begin();
  }

  /**
   * P_BARRIER: the epoch is complete.
   *
   * @param number comes back in the acknowledgement
   */
  public void barrier(int number) throws ProtocolViolation {
    if (epoch.writes() == 0) {
      throw new ProtocolViolation("barrier %d ends an epoch without writes".formatted(number));
    }
    gate.hold();
    whenAllWritten(() -> epoch.makeDurable(() -> confirm(number)));
  }

  /**
   * Calls back when no write is on its way to the disk; the caller sees to it that none begins
   * meanwhile.
   */
  public void whenAllWritten(Runnable then) {
    if (active == 0) {
      then.run();
    } else if (whenIdle.isPresent()) {
      throw new IllegalStateException("two wait for the end of all writes");
    } else {
      whenIdle = Optional.of(then);
    }
  }

  private void confirm(int number) {
    if (closed) {
      return;
    }
    epoch.takeBack(acks);
    acks.barrierAck(number, epoch.writes());
    epoch.end();
    gate.release();
  }

  /** Whether a write is on its way to the disk. */
  public boolean isWriting() {
    return active > 0;
  }

  /**
   * The connection is lost: what has arrived goes on to the disk, nothing is acknowledged.
   *
   * @param whenWritten called when nothing is on its way any more
   */
  public void close(Runnable whenWritten) {
    closed = true;
    whenIdle = Optional.empty();
    whenAllWritten(whenWritten);
  }

  /** A flush before a write has failed. */
  void flushFailed(IncomingVolume volume) {
    epoch.flushFailed(volume);
  }

  /** A write is on the disk, or failed. */
  void ended(IncomingWrite write, Optional<DiskException> error) {
    AckLine.Kind kind = write.mark(error);
    if (error.isEmpty()) {
      epoch.written(write);
    }
    if (write.manner().ackWhenWritten() || error.isPresent()) {
      ack(kind, write);
    }
    write.volume().ended();
    write.leave();
    idle.add(write);
    if (active == ACTIVE_MAX) {
      gate.release();
    }
    active--;
    if (active == 0 && whenIdle.isPresent()) {
      Runnable then = whenIdle.get();
      whenIdle = Optional.empty();
      then.run();
    }
  }

  private void ack(AckLine.Kind kind, IncomingWrite write) {
    if (!closed) {
      acks.ack(kind, write.volume().number(), write.id(), write.offsetBytes(), write.lengthBytes());
    }
  }

  /** A flush with its end. */
  static final class Flush extends DiskRequest {
    private final IncomingVolume volume;
    private final Runnable then;
    private final Runnable ifFailed;

    Flush(IncomingVolume volume, Runnable then, Runnable ifFailed) {
      this.volume = volume;
      this.then = then;
      this.ifFailed = ifFailed;
    }

    @Override
    public void complete() {
      then.run();
    }

    @Override
    public void fail(DiskException error) {
      volume.failed(Op.FLUSH, error);
      ifFailed.run();
      then.run();
    }
  }
}
