package io.jdrbd.daemon;

import io.jdrbd.control.DecisionViews;
import io.jdrbd.control.Json;
import io.jdrbd.control.Reply;
import io.jdrbd.control.Request;
import io.jdrbd.control.RequestHandler;
import io.jdrbd.control.VerifyViews;
import io.jdrbd.control.Views;
import io.jdrbd.resource.DiskConfig;
import io.jdrbd.resource.Node;
import io.jdrbd.resource.Resource;
import io.jdrbd.resource.ResourceOptions;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.state.ConfigError;
import io.jdrbd.state.Verdict;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Carries out the commands that arrive at the control socket. A change is answered when it is
 * saved. Used on the node's loop.
 */
final class Administration implements RequestHandler {
  private static final System.Logger LOG = System.getLogger("io.jdrbd.command");

  private final Node node;
  private final Volumes volumes;
  private final PeerAdministration peers;
  private final SyncAdministration sync;
  private final Supplier<CompletionStage<Boolean>> save;

  /**
   * @param volumes attaches, offers, withdraws and detaches volumes
   * @param save makes what is configured survive the process; completes on the loop
   */
  Administration(Node node, Volumes volumes, Supplier<CompletionStage<Boolean>> save) {
    this.node = node;
    this.volumes = volumes;
    this.peers = new PeerAdministration(node.peers());
    this.sync = new SyncAdministration(node.sync());
    this.save = save;
  }

  @Override
  public List<ResourceView> resources() {
    return node.view();
  }

  @Override
  public CompletionStage<Reply> handle(Request request) {
    return switch (request.command()) {
      case "status" -> query(Views.toJson(node.view()));
      case "exports" -> query(volumes.exportsAsJson());
      case "explain" -> CompletableFuture.completedStage(explain(request.arguments()));
      case "verify-report" -> query(VerifyViews.toJson(sync.verified(request.arguments())));
      case "generations" -> query(generations(request.arguments()));
      default -> change(request);
    };
  }

  private Json.Obj generations(Json.Obj asked) {
    Json.Obj data = Json.Obj.empty();
    node.disks()
        .generations(
            asked.text("resource"),
            asked.integer("volume"),
            asked.integer("peer-node-id"),
            asked.flag("drawn"))
        .ifPresent(text -> data.with("text", text));
    return data;
  }

  private static CompletionStage<Reply> query(Json.Obj data) {
    return CompletableFuture.completedStage(Reply.data(data));
  }

  private Reply explain(Json.Obj arguments) {
    String name = arguments.text("resource");
    return node.resource(name)
        .map(resource -> Reply.data(DecisionViews.toJson(resource.decisions().all())))
        .orElseGet(
            () ->
                Reply.of(
                    Verdict.refused(
                        ConfigError.RES_NOT_KNOWN, "no resource is called '" + name + "'")));
  }

  private CompletionStage<Reply> change(Request request) {
    return carryOut(request.command(), request.arguments())
        .thenCompose(
            outcome -> {
              LOG.log(
                  System.Logger.Level.INFO,
                  "{0} {1}: {2}",
                  request.command(),
                  subject(request.arguments()),
                  outcome.verdict() instanceof Verdict.Refused refused
                      ? "refused " + refused
                      : outcome.verdict().reason());
              return save.get().thenApply(saved -> outcome.reply());
            });
  }

  private static String subject(Json.Obj arguments) {
    return arguments.has("resource")
        ? arguments.text("resource")
        : Long.toString(arguments.number("minor"));
  }

  private CompletionStage<Outcome> carryOut(String command, Json.Obj arguments) {
    return switch (command) {
      case "new-resource" -> now(newResource(arguments));
      case "resource-options" -> now(resourceOptions(arguments));
      case "del-resource" -> now(node.delResource(arguments.text("resource")));
      case "new-minor" -> now(newMinor(arguments));
      case "del-minor" -> now(volumes.delete(arguments.integer("minor")));
      case "attach" -> volumes.attach(arguments.integer("minor"), AttachArguments.parse(arguments));
      case "detach" ->
          volumes
              .detach(
                  arguments.integer("minor"), arguments.flag("force"), arguments.flag("diskless"))
              .thenApply(Outcome::of);
      case "primary" ->
          node.primary(arguments.text("resource"), arguments.flag("force")).thenApply(Outcome::of);
      case "secondary" ->
          volumes
              .secondary(arguments.text("resource"), arguments.flag("force"))
              .thenApply(Outcome::of);
      case "resize" ->
          ResizeArguments.parse(arguments)
              .resized(wish -> volumes.resize(arguments.integer("minor"), wish))
              .thenApply(Outcome::of);
      case "check-resize" -> volumes.checkResize(arguments.integer("minor")).thenApply(Outcome::of);
      case "suspend-io" -> now(node.suspendIo(arguments.integer("minor")));
      case "resume-io" -> now(node.resumeIo(arguments.integer("minor")));
      case "disk-options" -> now(diskOptions(arguments));
      case "forget-peer" ->
          node.disks()
              .forgetPeer(arguments.text("resource"), arguments.integer("peer-node-id"))
              .thenApply(Outcome::of);
      case "outdate" -> node.disks().outdate(arguments.integer("minor")).thenApply(Outcome::of);
      case "new-current-uuid" ->
          node.disks()
              .newCurrentUuid(
                  arguments.integer("minor"),
                  arguments.flag("clear-bitmap"),
                  arguments.flag("force-resync"))
              .thenApply(Outcome::of);
      case "down" ->
          down(arguments.text("resource"), arguments.flag("force")).thenApply(Outcome::of);
      default ->
          sync.carryOut(command, arguments)
              .orElseGet(() -> peers.carryOut(command, arguments))
              .thenApply(Outcome::of);
    };
  }

  private Verdict newResource(Json.Obj arguments) {
    return node.newResource(
        arguments.text("resource"),
        arguments.integer("node-id"),
        ResourceOptions.defaults().with(arguments.object("options").texts()));
  }

  private Verdict diskOptions(Json.Obj arguments) {
    boolean reset = arguments.flag("set-defaults");
    return node.disks()
        .setOptions(
            arguments.integer("minor"),
            before ->
                (reset ? DiskConfig.defaults() : before).with(arguments.object("options").texts()));
  }

  private Verdict resourceOptions(Json.Obj arguments) {
    String name = arguments.text("resource");
    ResourceOptions base =
        arguments.flag("set-defaults")
            ? ResourceOptions.defaults()
            : node.resource(name).map(Resource::options).orElse(ResourceOptions.defaults());
    return node.setOptions(name, base.with(arguments.object("options").texts()));
  }

  private Verdict newMinor(Json.Obj arguments) {
    return volumes.create(
        arguments.text("resource"),
        arguments.integer("minor"),
        arguments.integer("volume"),
        arguments.flag("diskless"),
        DeviceWish.parse(arguments.text("device")));
  }

  private CompletionStage<Verdict> down(String name, boolean force) {
    if (!name.equals("all")) {
      return volumes.down(name, force);
    }
    CompletionStage<Verdict> all =
        CompletableFuture.completedStage(Verdict.passed("every resource is down"));
    for (ResourceView resource : node.view()) {
      all =
          all.thenCompose(
              before ->
                  volumes
                      .down(resource.name(), force)
                      .thenApply(next -> before.ok() ? next : before));
    }
    return all;
  }

  private static CompletionStage<Outcome> now(Verdict verdict) {
    return CompletableFuture.completedStage(Outcome.of(verdict));
  }
}
