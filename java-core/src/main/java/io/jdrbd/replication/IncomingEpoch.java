package io.jdrbd.replication;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The writes of a peer since its last barrier: which volumes have to be flushed at the next one,
 * and what is not durable if that fails.
 *
 * <p>A disk whose flush has failed may have lost anything that it had called written. Such writes
 * are acknowledged already, but the peer still remembers them: it is told that they have failed
 * before it is told that the epoch is over, and marks them (spec 2.5, 2.16.2).
 */
final class IncomingEpoch {
  private final List<Part> parts = new ArrayList<>();
  private final ArrayDeque<Part> idle = new ArrayDeque<>();
  private int writes;

  /** One more write, wherever it goes to. */
  void count() {
    writes++;
  }

  /** How many writes it has so far. */
  int writes() {
    return writes;
  }

  /** A write goes to the disk of a volume. */
  void touch(IncomingVolume volume) {
    part(volume);
  }

  /** A write is on the disk, perhaps only in its cache. */
  void written(IncomingWrite write) {
    part(write.volume()).add(write.id(), write.offsetBytes(), write.lengthBytes());
  }

  /** A flush has failed: nothing that was written to the disk counts as durable. */
  void flushFailed(IncomingVolume volume) {
    part(volume).lost = true;
  }

  /** Flushes all volumes that were touched, where that is wanted. */
  void makeDurable(Runnable then) {
    if (parts.isEmpty()) {
      then.run();
    } else {
      new Flushes(parts.size(), then).start(List.copyOf(parts));
    }
  }

  /** Tells of all that was acknowledged and is not durable. */
  void takeBack(AckLine acks) {
    parts.stream().filter(part -> part.lost).forEach(part -> part.takeBack(acks));
  }

  /** It is over, the next one begins. */
  void end() {
    writes = 0;
    parts.forEach(Part::clear);
    idle.addAll(parts);
    parts.clear();
  }

  private Part part(IncomingVolume volume) {
    for (Part part : parts) {
      if (part.volumes.contains(volume)) {
        return part;
      }
    }
    Part part = idle.isEmpty() ? new Part() : idle.remove();
    part.volumes.add(volume);
    parts.add(part);
    return part;
  }

  /** What went to one volume. Used again after its end. */
  private static final class Part {
    private static final int FIELDS = 3;
    private static final int WRITES_AT_FIRST = 16;

    /** One, while in use. */
    private final List<IncomingVolume> volumes = new ArrayList<>(1);

    private long[] places = new long[FIELDS * WRITES_AT_FIRST];
    private int used;
    private boolean lost;

    void add(long id, long offsetBytes, long lengthBytes) {
      if (used == places.length) {
        places = Arrays.copyOf(places, 2 * used);
      }
      places[used++] = id;
      places[used++] = offsetBytes;
      places[used++] = lengthBytes;
    }

    void makeDurable(Runnable then) {
      volumes.getFirst().makeDurable(then, () -> lost = true);
    }

    void takeBack(AckLine acks) {
      int volume = volumes.getFirst().number();
      for (int at = 0; at < used; at += FIELDS) {
        acks.ack(AckLine.Kind.FAILED, volume, places[at], places[at + 1], places[at + 2]);
      }
    }

    void clear() {
      volumes.clear();
      used = 0;
      lost = false;
    }
  }

  /** The flushes of all volumes that an epoch has touched. */
  private static final class Flushes {
    private final Runnable then;
    private int pending;

    Flushes(int volumes, Runnable then) {
      this.pending = volumes;
      this.then = then;
    }

    void start(List<Part> parts) {
      parts.forEach(part -> part.makeDurable(this::ended));
    }

    private void ended() {
      pending--;
      if (pending == 0) {
        then.run();
      }
    }
  }
}
