package io.jdrbd.disk.filter;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.Errno;
import io.jdrbd.loop.Loop;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A slow disk: each request waits before it goes on, for a time of its operation and a random one
 * on top. Same seed, same delays; requests may overtake each other.
 */
public final class DelayDisk extends FilterDisk {
  private final Loop loop;
  private final Map<DiskRequest.Op, Long> delaysNs;
  private final long jitterNs;
  private final Random random;
  private Optional<Runnable> closed = Optional.empty();
  private int held;

  /**
   * @param delaysNs nanoseconds for each operation; what is not in it goes on at once
   * @param jitterNs upper bound of the random part for operations that are delayed, not negative
   */
  public DelayDisk(
      BlockDisk inner, Loop loop, Map<DiskRequest.Op, Long> delaysNs, long jitterNs, long seed) {
    super(inner);
    this.loop = loop;
    this.delaysNs = Map.copyOf(delaysNs);
    this.jitterNs = jitterNs;
    this.random = new Random(seed);
  }

  @Override
  public String description() {
    return inner().description() + " + delay";
  }

  @Override
  public void submit(DiskRequest request) {
    if (closed.isPresent()) {
      DiskException error = DiskException.of(Errno.EBADF, request, description(), "it is closed");
      loop.execute(() -> request.fail(error));
      return;
    }
    long delayNs = delaysNs.getOrDefault(request.op(), 0L);
    if (delayNs == 0) {
      inner().submit(request);
      return;
    }
    held++;
    loop.schedule(delayNs + random.nextLong(jitterNs + 1), () -> goOn(request));
  }

  private void goOn(DiskRequest request) {
    inner().submit(request);
    held--;
    closeWhenNoneIsHeld();
  }

  @Override
  public void close(Runnable whenClosed) {
    closed = Optional.of(whenClosed);
    closeWhenNoneIsHeld();
  }

  private void closeWhenNoneIsHeld() {
    if (held == 0 && closed.isPresent()) {
      inner().close(closed.get());
    }
  }
}
