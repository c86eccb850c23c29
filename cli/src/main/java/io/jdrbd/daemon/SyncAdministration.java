package io.jdrbd.daemon;

import io.jdrbd.control.Json;
import io.jdrbd.resource.SyncCommands;
import io.jdrbd.resync.VerifyReport;
import io.jdrbd.state.Verdict;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Carries out the commands about resync and verify that arrive at the control socket. */
final class SyncAdministration {
  private final SyncCommands sync;

  SyncAdministration(SyncCommands sync) {
    this.sync = sync;
  }

  /**
   * Carries a command out.
   *
   * @return empty if it is none of these
   */
  Optional<CompletionStage<Verdict>> carryOut(String command, Json.Obj arguments) {
    return switch (command) {
      case "pause-sync" -> now(sync.pause(resource(arguments), peer(arguments), volume(arguments)));
      case "resume-sync" ->
          now(sync.resume(resource(arguments), peer(arguments), volume(arguments)));
      case "verify" ->
          Optional.of(
              sync.verify(
                  resource(arguments),
                  peer(arguments),
                  volume(arguments),
                  sector(arguments, "start"),
                  sector(arguments, "stop")));
      case "invalidate-remote" ->
          Optional.of(
              sync.invalidateRemote(
                  resource(arguments), peer(arguments), volume(arguments), full(arguments)));
      case "invalidate" ->
          Optional.of(
              sync.invalidate(
                  arguments.integer("minor"),
                  arguments.has("peer-node-id")
                      ? OptionalInt.of(peer(arguments))
                      : OptionalInt.empty(),
                  full(arguments)));
      default -> Optional.empty();
    };
  }

  /** What the last verify has found; empty if there was none, or one runs. */
  Optional<VerifyReport> verified(Json.Obj arguments) {
    return sync.verified(resource(arguments), peer(arguments), volume(arguments));
  }

  private static boolean full(Json.Obj arguments) {
    return !arguments.flag("keep-bitmap");
  }

  private static OptionalLong sector(Json.Obj arguments, String name) {
    return arguments.has(name) ? OptionalLong.of(arguments.number(name)) : OptionalLong.empty();
  }

  private static String resource(Json.Obj arguments) {
    return arguments.text("resource");
  }

  private static int peer(Json.Obj arguments) {
    return arguments.integer("peer-node-id");
  }

  private static int volume(Json.Obj arguments) {
    return arguments.integer("volume");
  }

  private static Optional<CompletionStage<Verdict>> now(Verdict verdict) {
    return Optional.of(CompletableFuture.completedStage(verdict));
  }
}
