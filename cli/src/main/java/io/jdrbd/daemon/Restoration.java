package io.jdrbd.daemon;

import io.jdrbd.daemon.SavedState.SavedResource;
import io.jdrbd.daemon.SavedState.SavedVolume;
import io.jdrbd.loop.Loop;
import io.jdrbd.resource.AttachOptions;
import io.jdrbd.resource.Node;
import io.jdrbd.resource.Resource;
import io.jdrbd.resource.ResourceOptions;
import io.jdrbd.resource.Volume;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Between what is configured and what is saved. What cannot be restored is logged and left out: a
 * disk that has vanished must not keep the others away. Used on the node's loop.
 */
final class Restoration {
  private static final System.Logger LOG = System.getLogger(Restoration.class.getName());

  /** How often, and how long between, a disk that is in use is tried: 5 s in all. */
  private static final int ATTEMPTS_MAX = 50;

  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Loop loop;
  private final Node node;
  private final Volumes volumes;

  Restoration(Loop loop, Node node, Volumes volumes) {
    this.loop = loop;
    this.node = node;
    this.volumes = volumes;
  }

  /** Everything that is configured now. */
  static SavedState snapshot(Node node, Volumes volumes) {
    return new SavedState(
        node.resources().stream().map(resource -> saved(resource, volumes)).toList());
  }

  private static SavedResource saved(Resource resource, Volumes volumes) {
    return new SavedResource(
        resource.name(),
        resource.nodeId(),
        resource.options().nonDefaults(),
        resource.explicitlyPrimary(),
        resource.volumes().stream().map(volume -> saved(volume, volumes)).toList(),
        resource.connections().stream().map(SavedPeer::of).toList());
  }

  private static SavedVolume saved(Volume volume, Volumes volumes) {
    return new SavedVolume(
        volume.number(), volume.minor(), volume.client(), volumes.wish(volume), volume.attached());
  }

  /** Configures all of it again. */
  CompletionStage<Void> restore(SavedState state) {
    CompletionStage<Void> steps = CompletableFuture.completedStage(null);
    for (SavedResource resource : state.resources()) {
      steps = steps.thenCompose(before -> restore(resource));
    }
    return steps;
  }

  private CompletionStage<Void> restore(SavedResource saved) {
    tell(
        saved.name(),
        node.newResource(
            saved.name(), saved.nodeId(), ResourceOptions.defaults().with(saved.options())));
    saved.volumes().forEach(volume -> create(saved.name(), volume));
    PeerRestoration peers =
        new PeerRestoration(
            node.peers(), saved.name(), saved.peers(), verdict -> tell(saved.name(), verdict));
    peers.configure();
    CompletionStage<Void> steps = CompletableFuture.completedStage(null);
    for (SavedVolume volume : saved.volumes()) {
      steps = steps.thenCompose(before -> attach(saved.name(), volume));
    }
    // The role comes before the devices: whoever had one open writes at once, and may not be
    // refused.
    steps = steps.thenCompose(before -> promote(saved));
    for (SavedVolume volume : saved.volumes()) {
      steps = steps.thenCompose(before -> offer(volume));
    }
    return steps.thenRun(peers::connect);
  }

  private void create(String resource, SavedVolume saved) {
    tell(
        resource + "/" + saved.number(),
        volumes.create(resource, saved.minor(), saved.number(), saved.client(), saved.device()));
  }

  /**
   * A resource with peers stays Secondary: while this daemon was away, another node may have been
   * promoted and its data may have moved on.
   */
  private CompletionStage<Void> promote(SavedResource saved) {
    return saved.primary() && saved.peers().isEmpty()
        ? node.primary(saved.name(), false).thenAccept(verdict -> tell(saved.name(), verdict))
        : CompletableFuture.completedStage(null);
  }

  private CompletionStage<Void> attach(String resource, SavedVolume saved) {
    String name = resource + "/" + saved.number();
    return saved
        .attach()
        .map(options -> attach(saved.minor(), options, ATTEMPTS_MAX))
        .orElse(CompletableFuture.completedStage(Verdict.passed("diskless")))
        .thenAccept(verdict -> tell(name, verdict));
  }

  /** A daemon that was killed may hold its disk until the last of its requests has ended. */
  private CompletionStage<Verdict> attach(int minor, AttachOptions options, int attemptsLeft) {
    return volumes
        .attachOnly(minor, options)
        .thenCompose(
            verdict ->
                isBusy(verdict) && attemptsLeft > 1
                    ? pause().thenCompose(then -> attach(minor, options, attemptsLeft - 1))
                    : CompletableFuture.completedStage(verdict));
  }

  private static boolean isBusy(Verdict verdict) {
    return verdict instanceof Verdict.Refused refused
        && (refused.refusal() == ConfigError.BDCLAIM_DISK
            || refused.refusal() == ConfigError.BDCLAIM_MD_DISK);
  }

  private CompletionStage<Void> pause() {
    CompletableFuture<Void> over = new CompletableFuture<>();
    loop.schedule(PAUSE_NS, () -> over.complete(null));
    return over;
  }

  private CompletionStage<Void> offer(SavedVolume saved) {
    boolean attached =
        node.volume(saved.minor()).filter(volume -> volume.attached().isPresent()).isPresent();
    return attached
        ? volumes.offer(saved.minor()).thenRun(() -> {})
        : CompletableFuture.completedStage(null);
  }

  private static void tell(String what, Verdict verdict) {
    if (verdict instanceof Verdict.Refused refused) {
      LOG.log(System.Logger.Level.ERROR, "{0}: cannot be restored: {1}", what, refused);
    }
  }
}
