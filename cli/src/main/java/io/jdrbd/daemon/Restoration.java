package io.jdrbd.daemon;

import io.jdrbd.daemon.SavedState.SavedResource;
import io.jdrbd.daemon.SavedState.SavedVolume;
import io.jdrbd.resource.Node;
import io.jdrbd.resource.Resource;
import io.jdrbd.resource.ResourceOptions;
import io.jdrbd.resource.Volume;
import io.jdrbd.state.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Between what is configured and what is saved. What cannot be restored is logged and left out: a
 * disk that has vanished must not keep the others away. Used on the node's loop.
 */
final class Restoration {
  private static final System.Logger LOG = System.getLogger(Restoration.class.getName());

  private final Node node;
  private final Volumes volumes;

  Restoration(Node node, Volumes volumes) {
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
        resource.volumes().stream().map(volume -> saved(volume, volumes)).toList());
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
    CompletionStage<Void> steps = CompletableFuture.completedStage(null);
    for (SavedVolume volume : saved.volumes()) {
      steps = steps.thenCompose(before -> restore(saved.name(), volume));
    }
    return steps.thenAccept(
        before -> {
          if (saved.primary()) {
            tell(saved.name(), node.primary(saved.name(), false));
          }
        });
  }

  private CompletionStage<Void> restore(String resource, SavedVolume saved) {
    String name = resource + "/" + saved.number();
    tell(
        name,
        volumes.create(resource, saved.minor(), saved.number(), saved.client(), saved.device()));
    return saved
        .attach()
        .map(
            attach ->
                volumes
                    .attach(saved.minor(), attach)
                    .thenAccept(outcome -> tell(name, outcome.verdict())))
        .orElse(CompletableFuture.completedStage(null));
  }

  private static void tell(String what, Verdict verdict) {
    if (verdict instanceof Verdict.Refused refused) {
      LOG.log(System.Logger.Level.ERROR, "{0}: cannot be restored: {1}", what, refused);
    }
  }
}
