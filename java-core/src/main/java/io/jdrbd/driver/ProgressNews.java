package io.jdrbd.driver;

import io.jdrbd.loop.Loop;
import io.jdrbd.resource.PeerDevice;
import io.jdrbd.resource.Resource;
import io.jdrbd.state.ReplicationState;
import java.util.concurrent.TimeUnit;

/**
 * Tells watchers every three seconds how far the resyncs and verifies of a resource are, as long as
 * there are some (spec 6.19).
 */
final class ProgressNews {
  private static final long STEP_NS = TimeUnit.SECONDS.toNanos(3);

  private final Loop loop;
  private final Resource resource;
  private boolean due;

  ProgressNews(Loop loop, Resource resource) {
    this.loop = loop;
    this.resource = resource;
  }

  /** A state has changed. */
  void changed() {
    if (!due && isUnderWay()) {
      due = true;
      loop.schedule(STEP_NS, this::tell);
    }
  }

  private void tell() {
    due = false;
    if (isUnderWay()) {
      resource.progressed();
      changed();
    }
  }

  private boolean isUnderWay() {
    return resource.connections().stream()
        .flatMap(connection -> connection.peerDevices().stream())
        .map(PeerDevice::replication)
        .anyMatch(
            state -> state.isBetween(ReplicationState.SYNC_SOURCE, ReplicationState.VERIFY_T));
  }
}
