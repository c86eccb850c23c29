package io.jdrbd.driver.sim;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import java.util.Random;

/**
 * Reads and writes on one node without a look at what they find: the peer cannot be trusted, but
 * every request has to end.
 */
final class Load {
  private static final int SECTOR_BYTES = 512;
  private static final int SECTORS_MAX = 64;
  private static final long PAUSE_MAX_NS = 40_000_000;

  private final Random random;
  private final SimHost host;
  private boolean stopped;
  private int pending;
  private int failed;

  Load(Random random, SimHost host) {
    this.random = random;
    this.host = host;
  }

  /** Keeps so many requests in flight until it is stopped. */
  void start(int depth) {
    for (int request = 0; request < depth; request++) {
      next();
    }
  }

  SimHost host() {
    return host;
  }

  /** Submits nothing any more. */
  void stop() {
    stopped = true;
  }

  /** Requests that have failed. */
  int failed() {
    return failed;
  }

  /** Requests that have not ended. */
  int pending() {
    return pending;
  }

  private void next() {
    if (!stopped) {
      host.machine().loop().schedule(random.nextLong(PAUSE_MAX_NS), this::issue);
    }
  }

  private void issue() {
    pending++;
    int sectors = 1 + random.nextInt(SECTORS_MAX);
    int bytes = sectors * SECTOR_BYTES;
    long offset = random.nextLong(SimHost.DATA_SECTORS - sectors) * SECTOR_BYTES;
    int dice = random.nextInt(10);
    if (dice == 0) {
      host.volume().disk().submit(new Request(PooledBuffer.NONE).flush());
    } else if (dice == 1) {
      host.volume().disk().submit(new Request(PooledBuffer.NONE).discard(offset, bytes));
    } else {
      host.pool()
          .allocate(
              bytes,
              host.machine().loop(),
              buffer -> {
                Request request = new Request(buffer);
                boolean read = dice < 4;
                host.volume()
                    .disk()
                    .submit(
                        read
                            ? request.read(offset, bytes, buffer, 0)
                            : request.write(offset, bytes, buffer, 0, dice == 9));
              });
    }
  }

  private final class Request extends DiskRequest {
    private final PooledBuffer buffer;

    Request(PooledBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public void complete() {
      end();
    }

    @Override
    public void fail(DiskException error) {
      failed++;
      end();
    }

    private void end() {
      buffer.release();
      pending--;
      next();
    }
  }
}
