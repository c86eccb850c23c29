package io.jdrbd.resource;

import io.jdrbd.resync.VerifyReport;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.DiskRules;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.ResyncSuspension;
import io.jdrbd.state.Role;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The commands that make disks equal, compare them, or let that wait (spec 7, section 8.1). On the
 * node's loop; completions arrive there.
 */
public final class SyncCommands {
  private final Node node;
  private final ConnectionDriver driver;

  SyncCommands(Node node, ConnectionDriver driver) {
    this.node = node;
    this.driver = driver;
  }

  /** A resync with the peer is to wait, now or when there will be one. */
  public Verdict pause(String resource, int peerNodeId, int volume) {
    return withDevice(resource, peerNodeId, volume, this::pause, verdict -> verdict);
  }

  private Verdict pause(PeerDevice device) {
    if (device.suspensions().contains(ResyncSuspension.USER)) {
      return Verdict.refused(ConfigError.PAUSE_IS_SET, "pause-sync was given before");
    }
    device.setSuspended(ResyncSuspension.USER, true);
    driver.pauseChanged(device);
    return Verdict.passed("a resync waits");
  }

  /** A resync with the peer has to wait no longer, as far as this command is concerned. */
  public Verdict resume(String resource, int peerNodeId, int volume) {
    return withDevice(resource, peerNodeId, volume, this::resume, verdict -> verdict);
  }

  private Verdict resume(PeerDevice device) {
    if (!device.suspensions().contains(ResyncSuspension.USER)) {
      return notPaused(device);
    }
    device.setSuspended(ResyncSuspension.USER, false);
    driver.pauseChanged(device);
    return Verdict.passed("a resync need not wait");
  }

  private static Verdict notPaused(PeerDevice device) {
    boolean waits =
        device.replication() == ReplicationState.PAUSED_SYNC_S
            || device.replication() == ReplicationState.PAUSED_SYNC_T;
    if (waits && device.suspensions().contains(ResyncSuspension.DEPENDENCY)) {
      return Verdict.refused(ConfigError.PIC_AFTER_DEP, "it waits for another volume");
    }
    if (waits && device.suspensions().contains(ResyncSuspension.PEER)) {
      return Verdict.refused(ConfigError.PIC_PEER_DEP, "it waits because the peer wants it");
    }
    return Verdict.refused(ConfigError.PAUSE_IS_CLEAR, "pause-sync was not given before");
  }

  /**
   * Compares the disks of both nodes; the verdict comes when it has begun.
   *
   * @param startSector empty: where the last one was interrupted, or the start of the volume
   * @param stopSector empty: the end of the volume
   */
  public CompletionStage<Verdict> verify(
      String resource,
      int peerNodeId,
      int volume,
      OptionalLong startSector,
      OptionalLong stopSector) {
    return withDisk(
        resource,
        peerNodeId,
        volume,
        device -> {
          device.setVerified(Optional.empty());
          return driver.verify(device, startSector, stopSector);
        });
  }

  /** What the last verify has found; empty if there was none, or one runs. */
  public Optional<VerifyReport> verified(String resource, int peerNodeId, int volume) {
    return withDevice(
        resource, peerNodeId, volume, PeerDevice::verified, refused -> Optional.empty());
  }

  /**
   * The peer is to get all data from here; the verdict comes when that has begun.
   *
   * @param full otherwise only what is marked
   */
  public CompletionStage<Verdict> invalidateRemote(
      String resource, int peerNodeId, int volume, boolean full) {
    return withDisk(resource, peerNodeId, volume, device -> driver.resync(device, false, full));
  }

  /**
   * Throws the own data away in favour of a peer's; the verdict comes when that has begun.
   *
   * @param fromNode the peer; empty: the first one that can give it
   * @param full otherwise only what is marked
   */
  public CompletionStage<Verdict> invalidate(int minor, OptionalInt fromNode, boolean full) {
    Optional<Volume> volume = node.volume(minor);
    if (volume.isEmpty()) {
      return now(Node.unknownMinor(minor));
    }
    Verdict disk = DiskRules.invalidate(volume.get().facts(), true);
    return disk.ok() ? invalidate(volume.get(), fromNode, full) : now(disk);
  }

  private CompletionStage<Verdict> invalidate(Volume volume, OptionalInt fromNode, boolean full) {
    List<PeerDevice> peers =
        volume.resource().connections().stream()
            .filter(peer -> fromNode.isEmpty() || fromNode.getAsInt() == peer.peerNodeId())
            .flatMap(peer -> peer.peerDevice(volume.number()).stream())
            .toList();
    CompletionStage<Verdict> tried = now(DiskRules.invalidate(volume.facts(), false));
    for (PeerDevice device : peers) {
      tried =
          tried.thenCompose(
              before -> before.ok() ? now(before) : driver.resync(device, true, full));
    }
    boolean alone = !peers.isEmpty() && fromNode.isEmpty() && full;
    return tried.thenCompose(
        verdict -> alone && needsConnection(verdict) ? markAll(volume, verdict) : now(verdict));
  }

  private static boolean needsConnection(Verdict verdict) {
    return verdict instanceof Verdict.Refused refused
        && refused.refusal() == StateError.NEED_CONNECTION;
  }

  /** No peer can be reached: whoever comes first gives everything anew (spec 6.14). */
  private static CompletionStage<Verdict> markAll(Volume volume, Verdict refused) {
    Optional<VolumeMetadata> metadata = volume.metadata();
    if (volume.resource().role() == Role.PRIMARY || metadata.isEmpty()) {
      return now(refused);
    }
    CompletableFuture<Verdict> answer = new CompletableFuture<>();
    var disk = metadata.get().backing();
    disk.bitmap().setInAllSlots(disk.bitmap().all());
    disk.writeBitmap(
        error -> {
          if (error.isPresent()) {
            answer.complete(Verdict.refused(ConfigError.IO_MD_DISK, error.get().getMessage()));
          } else {
            inconsistent(volume, answer);
          }
        });
    return answer;
  }

  private static void inconsistent(Volume volume, CompletableFuture<Verdict> answer) {
    volume.setDiskState(
        DiskState.INCONSISTENT,
        error ->
            answer.complete(
                error
                    .map(why -> Verdict.refused(ConfigError.IO_MD_DISK, why.getMessage()))
                    .orElse(Verdict.passed("the next peer that connects gives everything"))));
    volume.resource().changed();
  }

  private CompletionStage<Verdict> withDisk(
      String resource,
      int peerNodeId,
      int volume,
      Function<PeerDevice, CompletionStage<Verdict>> action) {
    return withDevice(
        resource,
        peerNodeId,
        volume,
        device ->
            device.volume().diskState() == DiskState.DISKLESS
                ? now(Verdict.refused(ConfigError.NO_DISK, device.volume().name() + " has no disk"))
                : action.apply(device),
        SyncCommands::now);
  }

  private <T> T withDevice(
      String resource,
      int peerNodeId,
      int volume,
      Function<PeerDevice, T> action,
      Function<Verdict, T> refusal) {
    Optional<Resource> known = node.resource(resource);
    if (known.isEmpty()) {
      return refusal.apply(Node.unknownResource(resource));
    }
    return known
        .get()
        .connection(peerNodeId)
        .flatMap(connection -> connection.peerDevice(volume))
        .map(action)
        .orElseGet(
            () ->
                refusal.apply(
                    Verdict.refused(
                        ConfigError.INVALID_REQUEST,
                        "%s has no volume %d with node %d"
                            .formatted(resource, volume, peerNodeId))));
  }

  private static CompletionStage<Verdict> now(Verdict verdict) {
    return CompletableFuture.completedStage(verdict);
  }
}
