package io.jdrbd.replication;

import io.jdrbd.buffer.PooledBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The reads of one volume that peers were asked for (spec 2.22). */
public final class ReadTable {
  private final RequestTable<Read> table = new RequestTable<>();
  private final List<Read> asked = new ArrayList<>();

  /**
   * Where the data of an answer belongs.
   *
   * @param buffer the application's; stays valid until {@link #answered} or the connection is lost
   * @param offsetBytes where in the buffer
   */
  public record Target(PooledBuffer buffer, int offsetBytes) {}

  long add(Read read) {
    asked.add(read);
    return table.add(read.present());
  }

  /**
   * An answer begins to arrive.
   *
   * @throws ProtocolViolation nothing of the kind was asked for
   */
  public Target target(long id, long offsetBytes, int lengthBytes) throws ProtocolViolation {
    Read read = find(id, offsetBytes);
    if (read.askedBytes() != lengthBytes) {
      throw new ProtocolViolation(
          "answer of %d bytes at sector %d: %d were asked for"
              .formatted(lengthBytes, offsetBytes >>> 9, read.askedBytes()));
    }
    read.answerArrives();
    return new Target(read.buffer(), read.answerOffsetBytes());
  }

  /** All data of an answer has arrived and is right. */
  public void answered(long id, long offsetBytes) throws ProtocolViolation {
    remove(find(id, offsetBytes)).answered();
  }

  /** P_NEG_DREPLY: the peer cannot. */
  public void refused(long id, long offsetBytes) throws ProtocolViolation {
    Read read = find(id, offsetBytes);
    if (read.isAnswerArriving()) {
      throw new ProtocolViolation(
          "the read with block id 0x%016x is refused while its data arrives".formatted(id));
    }
    remove(read).again();
  }

  /** The connection is lost: what this peer was asked for starts anew. */
  public void lost(PeerWrites peer) {
    for (Read read : List.copyOf(asked)) {
      if (read.isAskedOf(peer)) {
        remove(read).again();
      }
    }
  }

  /** The identifier of the oldest read that this peer was asked for; 0 if there is none. */
  public long oldest(PeerWrites peer) {
    for (Read read : asked) {
      if (read.isAskedOf(peer)) {
        return read.id();
      }
    }
    return 0;
  }

  /** Reads that this peer was asked for and has not answered. */
  public int awaited(PeerWrites peer) {
    int awaited = 0;
    for (Read read : asked) {
      awaited += read.isAskedOf(peer) ? 1 : 0;
    }
    return awaited;
  }

  private Read find(long id, long offsetBytes) throws ProtocolViolation {
    Optional<Read> read = table.find(id).filter(found -> found.askedOffsetBytes() == offsetBytes);
    return read.orElseThrow(
        () ->
            new ProtocolViolation(
                "answer to a read with block id 0x%016x at sector %d, which was not asked for"
                    .formatted(id, offsetBytes >>> 9)));
  }

  private Read remove(Read read) {
    table.remove(read.id());
    asked.remove(read);
    return read;
  }
}
