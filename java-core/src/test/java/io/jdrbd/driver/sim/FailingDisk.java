package io.jdrbd.driver.sim;

import io.jdrbd.disk.DiskRequest;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The disk of a Secondary fails requests for a while, of data, metadata or both; by {@code
 * on-io-error detach} the node gives it up. Later a person repairs and attaches it again.
 */
final class FailingDisk {
  private static final long FAILING_MAX_NS = TimeUnit.SECONDS.toNanos(2);

  private final ClusterSimulation cluster;
  private final SimHost host;
  private final Random random;

  FailingDisk(ClusterSimulation cluster, SimHost host) {
    this.cluster = cluster;
    this.host = host;
    this.random = cluster.world().random();
  }

  /** Requests fail now and then, for a while. */
  void happen() {
    int part = 1 + random.nextInt(8);
    boolean reads = random.nextBoolean();
    boolean data = random.nextInt(4) > 0;
    boolean metadata = random.nextBoolean();
    cluster.trace(
        "the disk of %s fails%s%s%s"
            .formatted(
                host.name(),
                reads ? " reads" : "",
                data ? " data" : "",
                metadata ? " metadata" : ""));
    host.machine()
        .drive("vda")
        .faults(
            request ->
                (reads || request.op() != DiskRequest.Op.READ)
                    && (request.offsetBytes() < SimHost.DATA_BYTES ? data : metadata)
                    && random.nextInt(part) == 0);
    cluster.runFor(random.nextLong(FAILING_MAX_NS));
    host.machine().drive("vda").faults(request -> false);
    cluster.trace("the disk of " + host.name() + " works again");
  }

  /** A disk that was given up is attached again, and the node connects. */
  void repair() {
    cluster.runUntil("the disk has left", () -> !host.isUp() || !isLeaving());
    if (!host.isUp() || host.volume().diskState() != DiskState.DISKLESS) {
      return;
    }
    cluster.trace(host.name() + ": disconnect, attach, connect");
    var _ = host.disconnect(true);
    cluster.runUntil(
        "StandAlone",
        () -> !host.isUp() || host.connection().state() == ConnectionState.STANDALONE);
    var answer = host.attach().toCompletableFuture();
    cluster.runUntil("attached again", answer::isDone);
    if (!answer.join().ok()) {
      throw new AssertionError(host.name() + ": attach: " + answer.join());
    }
    host.connect();
  }

  private boolean isLeaving() {
    return switch (host.volume().diskState()) {
      case DETACHING, FAILED -> true;
      case DISKLESS,
          ATTACHING,
          NEGOTIATING,
          INCONSISTENT,
          OUTDATED,
          D_UNKNOWN,
          CONSISTENT,
          UP_TO_DATE ->
          false;
    };
  }
}
