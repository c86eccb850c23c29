package io.jdrbd.daemon;

import io.jdrbd.control.Json;
import io.jdrbd.loop.Loop;
import io.jdrbd.resource.AttachOptions;
import io.jdrbd.resource.Connection;
import io.jdrbd.resource.MetadataPlace;
import io.jdrbd.resource.Node;
import io.jdrbd.resource.ResizeWish;
import io.jdrbd.resource.Resource;
import io.jdrbd.resource.Volume;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskRules;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Volumes together with how they are offered: a volume is offered while it has a disk. Used on the
 * node's loop.
 */
final class Volumes {
  /** How long and how often a disk that is given up is waited for. */
  private static final long GONE_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final int GONE_TRIES = 250;

  private final Loop loop;
  private final Node node;
  private final Offers offers;
  private final FormerSizes formerSizes;
  private final Map<Integer, DeviceWish> wishes = new HashMap<>();

  Volumes(Loop loop, Node node, Offers offers, FormerSizes formerSizes) {
    this.loop = loop;
    this.formerSizes = formerSizes;
    this.node = node;
    this.offers = offers;
  }

  /** Which device a volume is to have. */
  DeviceWish wish(Volume volume) {
    return wishes.getOrDefault(volume.minor(), new DeviceWish.Automatic());
  }

  Verdict create(String resource, int minor, int number, boolean client, DeviceWish wish) {
    boolean fresh = node.volume(minor).isEmpty();
    Verdict verdict = node.newMinor(resource, minor, number, client);
    if (verdict.ok() && fresh) {
      wishes.put(minor, wish);
    }
    return verdict;
  }

  Verdict delete(int minor) {
    Optional<Volume> volume = node.volume(minor);
    Verdict verdict = node.delMinor(minor);
    if (verdict.ok()) {
      wishes.remove(minor);
      volume.ifPresent(
          deleted -> {
            var _ = offers.withdraw(deleted, false);
          });
    }
    return verdict;
  }

  /** Attaches a disk and offers the volume. */
  CompletionStage<Outcome> attach(int minor, AttachOptions options) {
    return attachOnly(minor, options)
        .thenCompose(
            verdict ->
                verdict.ok()
                    ? offer(minor).thenApply(warning -> new Outcome(verdict, warning))
                    : CompletableFuture.completedStage(Outcome.of(verdict)));
  }

  /** Attaches a disk to a volume that is not yet to be reached; {@link #offer} is to follow. */
  CompletionStage<Verdict> attachOnly(int minor, AttachOptions options) {
    return node.attach(minor, options)
        .thenCompose(
            verdict ->
                mayHaveGrown(verdict, options)
                    ? movedThenAttached(minor, options, verdict)
                    : stay(verdict))
        .thenCompose(verdict -> noted(minor, verdict));
  }

  private static boolean mayHaveGrown(Verdict verdict, AttachOptions options) {
    return verdict instanceof Verdict.Refused refused
        && refused.refusal() == ConfigError.MD_INVALID
        && options.metadata().filter(MetadataPlace::isInternal).isPresent();
  }

  private CompletionStage<Verdict> movedThenAttached(
      int minor, AttachOptions options, Verdict refused) {
    return formerSizes
        .move(minor, options)
        .thenCompose(moved -> moved ? node.attach(minor, options) : stay(refused));
  }

  /** Lets a volume be as large as its disk has become. */
  CompletionStage<Verdict> resize(int minor, ResizeWish wish) {
    return node.disks().resize(minor, wish).thenCompose(verdict -> noted(minor, verdict));
  }

  /** Remembers how large the disk of a volume is, for the time when it has grown. */
  CompletionStage<Verdict> checkResize(int minor) {
    Optional<Volume> volume = node.volume(minor);
    if (volume.isEmpty()) {
      return stay(Verdict.refused(ConfigError.MINOR_INVALID, "no volume has that minor number"));
    }
    return volume.get().metadata().isPresent()
        ? noted(minor, Verdict.passed("remembered"))
        : stay(Verdict.passed("no disk with metadata is attached"));
  }

  private CompletionStage<Verdict> noted(int minor, Verdict verdict) {
    return verdict.ok()
        ? formerSizes.note(node.volume(minor).orElseThrow()).thenApply(noted -> verdict)
        : stay(verdict);
  }

  /**
   * Lets a volume that has a disk be reached.
   *
   * @return what the person should know although it is offered; empty for nothing
   */
  CompletionStage<String> offer(int minor) {
    Volume volume = node.volume(minor).orElseThrow();
    return offers.offer(volume, wish(volume));
  }

  CompletionStage<Verdict> detach(int minor, boolean force, boolean client) {
    Optional<Volume> volume = node.volume(minor);
    if (volume.isEmpty() || volume.get().diskState() == DiskState.DISKLESS) {
      return node.detach(minor, force, client);
    }
    return offers.settle(volume.get()).thenCompose(settled -> detach(volume.get(), force, client));
  }

  private CompletionStage<Verdict> detach(Volume volume, boolean force, boolean client) {
    if (isReachableElsewhere(volume)) {
      return node.detach(volume.minor(), force, client);
    }
    Verdict verdict = DiskRules.detach(volume.resource().role(), volume.facts(), force);
    if (!verdict.ok()) {
      return CompletableFuture.completedStage(verdict);
    }
    return offers
        .withdraw(volume, force)
        .thenCompose(
            withdrawn ->
                withdrawn.ok()
                    ? node.detach(volume.minor(), force, client)
                    : CompletableFuture.completedStage(withdrawn));
  }

  /** Applications do not need the own disk while a peer has the same data. */
  private static boolean isReachableElsewhere(Volume volume) {
    return volume.resource().connections().stream()
        .filter(connection -> connection.state() == ConnectionState.CONNECTED)
        .flatMap(connection -> connection.peerDevice(volume.number()).stream())
        .anyMatch(device -> device.peerDisk() == DiskState.UP_TO_DATE);
  }

  CompletionStage<Verdict> secondary(String name, boolean force) {
    return settle(name).thenCompose(settled -> node.secondary(name, force));
  }

  /** Asks for each volume whether those who seem to have it open still do. */
  private CompletionStage<Void> settle(String name) {
    return CompletableFuture.allOf(
        node.resource(name).map(Resource::volumes).stream()
            .flatMap(volumes -> volumes.stream())
            .map(volume -> offers.settle(volume).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  /**
   * Demotes a resource, disconnects and deletes its peers, detaches and deletes its volumes, and
   * deletes it; stops at a refusal.
   *
   * @param force although it is held open, without the peers' consent, and without waiting for
   *     requests: they fail
   */
  CompletionStage<Verdict> down(String name, boolean force) {
    Optional<Resource> resource = node.resource(name);
    if (resource.isEmpty()) {
      return CompletableFuture.completedStage(Verdict.passed("is not there"));
    }
    CompletionStage<Verdict> steps = secondary(name, force);
    for (Connection peer : List.copyOf(resource.get().connections())) {
      steps =
          steps.thenCompose(
              before ->
                  before.ok()
                      ? node.peers().delPeer(name, peer.peerNodeId(), force)
                      : stay(before));
    }
    for (Volume volume : List.copyOf(resource.get().volumes())) {
      steps = steps.thenCompose(before -> before.ok() ? takeDown(volume, force) : stay(before));
    }
    return steps.thenApply(before -> before.ok() ? node.delResource(name) : before);
  }

  private CompletionStage<Verdict> takeDown(Volume volume, boolean force) {
    return detach(volume.minor(), force, volume.client())
        .thenCompose(verdict -> verdict.ok() ? gone(volume, verdict, GONE_TRIES) : stay(verdict))
        .thenApply(verdict -> verdict.ok() ? delete(volume.minor()) : verdict);
  }

  /** A disk that was detached by force is there until its last request has ended. */
  private CompletionStage<Verdict> gone(Volume volume, Verdict verdict, int tries) {
    if (volume.diskState() == DiskState.DISKLESS || tries == 0) {
      return stay(verdict);
    }
    CompletableFuture<Void> later = new CompletableFuture<>();
    var _ = loop.schedule(GONE_PAUSE_NS, () -> later.complete(null));
    return later.thenCompose(now -> gone(volume, verdict, tries - 1));
  }

  private static CompletionStage<Verdict> stay(Verdict verdict) {
    return CompletableFuture.completedStage(verdict);
  }

  Json.Obj exportsAsJson() {
    return offers.asJson();
  }
}
