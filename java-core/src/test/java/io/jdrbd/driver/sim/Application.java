package io.jdrbd.driver.sim;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.loop.Loop;
import io.jdrbd.sim.SimWorld;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Reads and writes on one node, for as long as that lives; each write has a stamp of its own in
 * every sector.
 */
final class Application {
  private static final int SECTOR_BYTES = 512;
  private static final int HOT_SPOTS = 6;
  private static final long PAUSE_MAX_NS = 3_000_000;

  private final Random random;
  private final SimHost host;
  private final History history;
  private final Watch watch;
  private final Loop loop;
  private final BlockDisk disk;
  private final int life;
  private int pending;
  private int idle;
  private int budget;

  /** Is told what becomes of requests. */
  interface Watch {
    /** A write was acknowledged. */
    void acknowledged(SimHost on, Change change);

    /** A request failed. */
    void failed(SimHost on, DiskException why);

    /** For people. */
    void trace(Supplier<String> what);
  }

  Application(SimWorld world, SimHost host, History history, int depth, Watch watch) {
    this.random = world.random();
    this.host = host;
    this.history = history;
    this.watch = watch;
    this.loop = host.machine().loop();
    this.disk = host.volume().disk();
    this.life = host.machine().lives();
    this.idle = depth;
  }

  SimHost host() {
    return host;
  }

  /** Submits so many more requests, a few at a time. */
  void work(int requests) {
    budget += requests;
    while (idle > 0 && budget > 0) {
      idle--;
      next();
    }
  }

  /** Submits nothing any more. */
  void stop() {
    budget = 0;
  }

  /** Whether the node that it ran on is in the same life still. */
  boolean isAlive() {
    return host.isUp() && host.machine().lives() == life;
  }

  int pending() {
    return pending;
  }

  private void next() {
    if (budget > 0) {
      budget--;
      pending++;
      loop.schedule(random.nextLong(PAUSE_MAX_NS), this::issue);
    } else {
      idle++;
    }
  }

  private void issue() {
    int dice = random.nextInt(100);
    if (dice < 4) {
      disk.submit(new Flushing().flush());
    } else if (dice < 20) {
      read();
    } else if (dice < 30) {
      zeroes();
    } else {
      write();
    }
  }

  private long place(int sectors) {
    long spot =
        random.nextInt(5) == 0
            ? random.nextLong(SimHost.DATA_SECTORS)
            : random.nextInt(HOT_SPOTS) * (SimHost.DATA_SECTORS / HOT_SPOTS) + random.nextInt(24);
    return Math.min(spot, SimHost.DATA_SECTORS - sectors);
  }

  private int size() {
    int dice = random.nextInt(200);
    if (dice < 120) {
      return 1 + random.nextInt(16);
    }
    return dice < 199 ? 8 * (1 + random.nextInt(8)) : 1 + random.nextInt(2500);
  }

  private void write() {
    int sectors = size();
    Change change = history.begin(place(sectors), sectors, false);
    watch.trace(() -> host.name() + " submits " + change);
    int bytes = sectors * SECTOR_BYTES;
    host.pool()
        .allocate(
            bytes,
            loop,
            buffer -> {
              for (int sector = 0; sector < sectors; sector++) {
                int at = sector * SECTOR_BYTES;
                buffer.setZero(at, SECTOR_BYTES);
                buffer.setInt(at, change.stamp());
                buffer.setInt(at + SECTOR_BYTES - Integer.BYTES, (int) change.firstSector());
              }
              disk.submit(
                  new Changing(buffer, change)
                      .write(
                          change.firstSector() * SECTOR_BYTES,
                          bytes,
                          buffer,
                          0,
                          random.nextInt(8) == 0));
            });
  }

  private void zeroes() {
    int sectors = size();
    Change change = history.begin(place(sectors), sectors, true);
    watch.trace(() -> host.name() + " submits zeroes, " + change);
    Changing request = new Changing(PooledBuffer.NONE, change);
    long offset = change.firstSector() * SECTOR_BYTES;
    long length = (long) sectors * SECTOR_BYTES;
    disk.submit(
        random.nextBoolean()
            ? request.discard(offset, length)
            : request.writeZeroes(offset, length, random.nextBoolean(), false, false));
  }

  private void read() {
    int sectors = 1 + random.nextInt(16);
    long first = place(sectors);
    History.Observation allowed = history.observe(first, sectors);
    host.pool()
        .allocate(
            sectors * SECTOR_BYTES,
            loop,
            buffer ->
                disk.submit(
                    new Reading(buffer, first, sectors, allowed)
                        .read(first * SECTOR_BYTES, sectors * SECTOR_BYTES, buffer, 0)));
  }

  /** A request and its end. */
  private class Request extends DiskRequest {
    private final PooledBuffer buffer;

    Request(PooledBuffer buffer) {
      this.buffer = buffer;
    }

    PooledBuffer data() {
      return buffer;
    }

    @Override
    public void complete() {
      done();
    }

    @Override
    public void fail(DiskException error) {
      watch.failed(host, error);
      done();
    }

    private void done() {
      buffer.release();
      pending--;
      next();
    }
  }

  private final class Flushing extends Request {
    private final List<Change> before = history.acknowledgedSoFar();

    Flushing() {
      super(PooledBuffer.NONE);
    }

    @Override
    public void complete() {
      history.durable(before);
      super.complete();
    }
  }

  private final class Changing extends Request {
    private final Change change;

    Changing(PooledBuffer buffer, Change change) {
      super(buffer);
      this.change = change;
    }

    @Override
    public void complete() {
      watch.acknowledged(host, change);
      if (fua()) {
        history.durable(List.of(change));
      }
      super.complete();
    }

    @Override
    public void fail(DiskException error) {
      history.failed(change);
      super.fail(error);
    }
  }

  private final class Reading extends Request {
    private final long first;
    private final int sectors;
    private final History.Observation allowed;

    Reading(PooledBuffer buffer, long first, int sectors, History.Observation allowed) {
      super(buffer);
      this.first = first;
      this.sectors = sectors;
      this.allowed = allowed;
    }

    @Override
    public void complete() {
      for (int sector = 0; sector < sectors; sector++) {
        int stamp = data().getInt(sector * SECTOR_BYTES);
        if (!allowed.mayFind(first + sector, stamp)) {
          throw new AssertionError(
              "%s read write %d from sector %d, must be %s"
                  .formatted(
                      host.name(), stamp, first + sector, history.visible().text(first + sector)));
        }
      }
      super.complete();
    }
  }
}
