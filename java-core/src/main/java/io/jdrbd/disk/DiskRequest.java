package io.jdrbd.disk;

import io.jdrbd.buffer.PooledBuffer;

/**
 * One request to a {@link BlockDisk} and its end. The same object may be used again after its end,
 * so that the steady state allocates nothing: a caller keeps instances of a subclass that knows
 * what to do at the end.
 *
 * <p>Used on the loop of the disk only; an engine may read its fields on another thread while it is
 * in flight.
 */
public abstract class DiskRequest {

  /** What is asked for. */
  public enum Op {
    /** Fill the buffer from the disk. */
    READ("read", false),
    /** Write the buffer to the disk. */
    WRITE("write", true),
    /** Make everything that was completed before durable. */
    FLUSH("flush", false),
    /** The contents are no longer of interest; a hint. */
    DISCARD("discard", true),
    /** Make the range read as zeroes. */
    WRITE_ZEROES("write-zeroes", true);

    private final String text;
    private final boolean changes;

    Op(String text, boolean changes) {
      this.text = text;
      this.changes = changes;
    }

    /** As errors, logs and filters call it. */
    public String text() {
      return text;
    }

    /** Whether it changes what is on the disk. */
    public boolean changes() {
      return changes;
    }
  }

  private Op op = Op.FLUSH;
  private long offsetBytes;
  private long lengthBytes;
  private PooledBuffer buffer = PooledBuffer.NONE;
  private int bufferOffsetBytes;
  private boolean fua;
  private boolean mayDiscard;
  private boolean fastOnly;

  /**
   * Makes this a read.
   *
   * @param offsetBytes where on the disk
   * @param lengthBytes how much, at least 1
   * @param into receives the data
   * @param intoOffsetBytes where in the buffer
   */
  public final DiskRequest read(
      long offsetBytes, int lengthBytes, PooledBuffer into, int intoOffsetBytes) {
    return set(Op.READ, offsetBytes, lengthBytes, into, intoOffsetBytes, false);
  }

  /**
   * Makes this a write.
   *
   * @param offsetBytes where on the disk
   * @param lengthBytes how much, at least 1
   * @param from holds the data
   * @param fromOffsetBytes where in the buffer
   * @param fua complete only when the data is durable
   */
  public final DiskRequest write(
      long offsetBytes, int lengthBytes, PooledBuffer from, int fromOffsetBytes, boolean fua) {
    return set(Op.WRITE, offsetBytes, lengthBytes, from, fromOffsetBytes, fua);
  }

  /** Makes this a flush: all that was completed before its submission becomes durable. */
  public final DiskRequest flush() {
    return set(Op.FLUSH, 0, 0, PooledBuffer.NONE, 0, false);
  }

  /** Makes this a discard of the range, which is a hint: afterwards it may read as anything. */
  public final DiskRequest discard(long offsetBytes, long lengthBytes) {
    return set(Op.DISCARD, offsetBytes, lengthBytes, PooledBuffer.NONE, 0, false);
  }

  /**
   * Makes this a write of zeroes.
   *
   * @param mayDiscard the range may become a hole
   * @param fua complete only when durable
   * @param fastOnly fail with {@code EOPNOTSUPP} rather than write zeroes as data
   */
  public final DiskRequest writeZeroes(
      long offsetBytes, long lengthBytes, boolean mayDiscard, boolean fua, boolean fastOnly) {
    set(Op.WRITE_ZEROES, offsetBytes, lengthBytes, PooledBuffer.NONE, 0, fua);
    this.mayDiscard = mayDiscard;
    this.fastOnly = fastOnly;
    return this;
  }

  /** Makes this the same as another request, which keeps its own end. */
  public final DiskRequest like(DiskRequest other) {
    set(
        other.op,
        other.offsetBytes,
        other.lengthBytes,
        other.buffer,
        other.bufferOffsetBytes,
        other.fua);
    mayDiscard = other.mayDiscard;
    fastOnly = other.fastOnly;
    return this;
  }

  private DiskRequest set(
      Op op,
      long offsetBytes,
      long lengthBytes,
      PooledBuffer buffer,
      int bufferOffsetBytes,
      boolean fua) {
    this.op = op;
    this.offsetBytes = offsetBytes;
    this.lengthBytes = lengthBytes;
    this.buffer = buffer;
    this.bufferOffsetBytes = bufferOffsetBytes;
    this.fua = fua;
    this.mayDiscard = false;
    this.fastOnly = false;
    return this;
  }

  public final Op op() {
    return op;
  }

  public final long offsetBytes() {
    return offsetBytes;
  }

  public final long lengthBytes() {
    return lengthBytes;
  }

  /** The payload of a read or write; {@link PooledBuffer#NONE} for everything else. */
  public final PooledBuffer buffer() {
    return buffer;
  }

  public final int bufferOffsetBytes() {
    return bufferOffsetBytes;
  }

  public final boolean fua() {
    return fua;
  }

  public final boolean mayDiscard() {
    return mayDiscard;
  }

  public final boolean fastOnly() {
    return fastOnly;
  }

  /** Called once, on the loop, when the request succeeded. */
  public abstract void complete();

  /** Called once, on the loop, when the request failed. */
  public abstract void fail(DiskException error);
}
