package io.jdrbd.metadata.attached;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskGeometry;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.loop.Loop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A disk with a volatile cache that may lose power after any operation. Requests end in a random
 * order. What was written since the last flush may reach the medium in any part, sector by sector,
 * in any order; {@link #crash} says which part did.
 */
final class SimDisk implements BlockDisk {
  static final int SECTOR_BYTES = 512;
  private static final long DELAY_NS_MAX = 1_000_000;

  private final Loop loop;
  private final Random random;
  private DiskGeometry geometry;

  /** What a loss of power cannot take away. */
  private final Map<Long, byte[]> durable;

  /** What a read sees beyond it. */
  private final Map<Long, byte[]> cached = new HashMap<>();

  /** Every version of a sector that the cache may have passed on since the last flush. */
  private final List<Pending> pending = new ArrayList<>();

  private Runnable afterOperation = () -> {};
  private boolean failing;
  private boolean forgotten;
  private long operations;

  SimDisk(Loop loop, Random random, CrashImage medium) {
    this.loop = loop;
    this.random = random;
    this.geometry = geometry(medium.sizeBytes());
    this.durable = medium.contents();
  }

  private static DiskGeometry geometry(long bytes) {
    return new DiskGeometry(bytes, SECTOR_BYTES, 4096, 4096, true, false);
  }

  /** From now on it is larger. */
  void grow(long bytes) {
    geometry = geometry(bytes);
  }

  /** Called after each operation has had its effect, before its completion is told. */
  void afterOperation(Runnable hook) {
    afterOperation = hook;
  }

  /** From now on every write and flush fails. */
  void failFromNowOn() {
    failing = true;
  }

  /** Requests that are under way never end; the node is gone. */
  void forget() {
    forgotten = true;
  }

  /**
   * Whether a block's sectors are of several writes, or of none: no version tells what is there.
   */
  boolean isTorn(long blockOffset) {
    int first = versionAt(blockOffset);
    for (int at = SECTOR_BYTES; at < CrashWorld.BLOCK_BYTES; at += SECTOR_BYTES) {
      if (versionAt(blockOffset + at) != first) {
        return true;
      }
    }
    return false;
  }

  /** The first four bytes at an offset, as a read would see them. */
  int versionAt(long offsetBytes) {
    return ByteBuffer.wrap(sector(offsetBytes)).getInt();
  }

  @Override
  public DiskGeometry geometry() {
    return geometry;
  }

  @Override
  public String description() {
    return "simulated disk";
  }

  @Override
  public void submit(DiskRequest request) {
    Pending write = new Pending(sectorsOf(request));
    if (request.op() != DiskRequest.Op.READ && request.op() != DiskRequest.Op.FLUSH) {
      pending.add(write);
    }
    List<Pending> covered =
        request.op() == DiskRequest.Op.FLUSH
            ? pending.stream().filter(each -> each.completed).toList()
            : List.of();
    loop.schedule(random.nextLong(DELAY_NS_MAX), () -> perform(request, write, covered));
  }

  private void perform(DiskRequest request, Pending write, List<Pending> covered) {
    if (forgotten) {
      return;
    }
    operations++;
    if (failing && request.op() != DiskRequest.Op.READ) {
      request.fail(
          new DiskException(
              Errno.EIO,
              request.op().toString(),
              description(),
              request.offsetBytes(),
              request.lengthBytes()));
      return;
    }
    switch (request.op()) {
      case READ -> fill(request);
      case FLUSH -> covered.forEach(this::makeDurable);
      case WRITE, DISCARD, WRITE_ZEROES -> {
        cached.putAll(write.sectors);
        pending.remove(write);
        pending.add(write);
        write.completed = true;
        write.order = operations;
        if (request.fua()) {
          makeDurable(write);
        }
      }
    }
    afterOperation.run();
    request.complete();
  }

  private void makeDurable(Pending write) {
    if (pending.remove(write)) {
      durable.putAll(write.sectors);
      pending.stream()
          .filter(older -> older.completed && older.order < write.order)
          .forEach(older -> older.sectors.keySet().removeAll(write.sectors.keySet()));
    }
  }

  private void fill(DiskRequest request) {
    for (int at = 0; at < request.lengthBytes(); at += SECTOR_BYTES) {
      request
          .buffer()
          .setBytes(request.bufferOffsetBytes() + at, sector(request.offsetBytes() + at));
    }
  }

  /** A discard is a hint, which this disk does not take. */
  private static Map<Long, byte[]> sectorsOf(DiskRequest request) {
    boolean writes =
        request.op() == DiskRequest.Op.WRITE || request.op() == DiskRequest.Op.WRITE_ZEROES;
    if (!writes) {
      return Map.of();
    }
    Map<Long, byte[]> sectors = new HashMap<>();
    for (long at = 0; at < request.lengthBytes(); at += SECTOR_BYTES) {
      byte[] sector = new byte[SECTOR_BYTES];
      if (request.op() == DiskRequest.Op.WRITE) {
        request.buffer().getBytes(request.bufferOffsetBytes() + (int) at, sector);
      }
      sectors.put(request.offsetBytes() + at, sector);
    }
    return sectors;
  }

  private byte[] sector(long at) {
    byte[] newest = cached.get(at);
    return newest != null ? newest : durable.getOrDefault(at, new byte[SECTOR_BYTES]);
  }

  /**
   * What the medium holds after a loss of power now.
   *
   * @param dice which of the writes that no flush covered got through, and which sectors of them
   */
  CrashImage crash(Random dice) {
    Map<Long, byte[]> survived = new HashMap<>();
    List<Pending> shuffled = new ArrayList<>(pending);
    Collections.shuffle(shuffled, dice);
    for (Pending write : shuffled) {
      int fate = dice.nextInt(3);
      if (fate == 0) {
        survived.putAll(write.sectors);
      } else if (fate == 1) {
        write.sectors.forEach(
            (at, bytes) -> {
              if (dice.nextBoolean()) {
                survived.put(at, bytes);
              }
            });
      }
    }
    return new CrashImage(durable, survived, geometry.sizeBytes());
  }

  @Override
  public void extents(long offsetBytes, long lengthBytes, Consumer<List<Extent>> answer) {
    loop.execute(() -> answer.accept(List.of(new Extent(offsetBytes, lengthBytes, false, false))));
  }

  @Override
  public void refresh(Consumer<DiskGeometry> answer) {
    loop.execute(() -> answer.accept(geometry));
  }

  @Override
  public void close(Runnable closed) {
    loop.execute(closed);
  }

  /** A write that no flush has covered. */
  private static final class Pending {
    private final Map<Long, byte[]> sectors;
    private boolean completed;
    private long order;

    Pending(Map<Long, byte[]> sectors) {
      this.sectors = sectors;
    }
  }
}
