package io.jdrbd.cluster;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.replication.VolumeEvents;
import io.jdrbd.resync.VerifyReport;
import io.jdrbd.state.cluster.ResourceSnapshot;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a resource tells, line by line; any thread may read it. Handlers answer 0. */
final class Heard implements ClusterListener, VolumeEvents {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<VerifyReport> verified = new CopyOnWriteArrayList<>();

  List<String> lines() {
    return lines;
  }

  /** What verifies have found, one after the other. */
  List<VerifyReport> verified() {
    return verified;
  }

  @Override
  public void changed(ResourceSnapshot before, ResourceSnapshot after) {}

  @Override
  public void decided(int peer, String question, boolean passed, String reason) {
    lines.add(question + ": " + reason);
  }

  @Override
  public void verified(int peer, int volume, VerifyReport report) {
    verified.add(report);
  }

  @Override
  public CompletionStage<Integer> handler(String name, OptionalInt peer, OptionalInt volume) {
    lines.add("handler " + name);
    return CompletableFuture.completedStage(0);
  }

  @Override
  public void dataFailed(DiskRequest.Op op, DiskException why) {
    lines.add(op + " failed: " + why.getMessage());
  }

  @Override
  public void metadataFailed(DiskException why) {
    lines.add("metadata failed: " + why.getMessage());
  }
}
