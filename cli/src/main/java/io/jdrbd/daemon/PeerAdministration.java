package io.jdrbd.daemon;

import io.jdrbd.control.Json;
import io.jdrbd.control.JsonException;
import io.jdrbd.resource.ConnectOptions;
import io.jdrbd.resource.Endpoint;
import io.jdrbd.resource.NetOptions;
import io.jdrbd.resource.PeerCommands;
import io.jdrbd.resource.PeerDeviceOptions;
import io.jdrbd.state.Verdict;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Carries out the commands about peers that arrive at the control socket. */
final class PeerAdministration {
  private final PeerCommands peers;

  PeerAdministration(PeerCommands peers) {
    this.peers = peers;
  }

  /**
   * Carries a command out.
   *
   * @throws JsonException if it is none of a peer's, or an argument is missing or wrong
   * @throws IllegalArgumentException if the value of an option or an address is not acceptable
   */
  CompletionStage<Verdict> carryOut(String command, Json.Obj arguments) {
    return switch (command) {
      case "new-peer" -> now(newPeer(arguments));
      case "net-options" -> now(netOptions(arguments));
      case "peer-device-options" -> now(peerDeviceOptions(arguments));
      case "new-path" ->
          now(
              peers.newPath(
                  resource(arguments),
                  peer(arguments),
                  end(arguments, "local"),
                  end(arguments, "peer")));
      case "del-path" ->
          now(
              peers.delPath(
                  resource(arguments),
                  peer(arguments),
                  end(arguments, "local"),
                  end(arguments, "peer")));
      case "connect" ->
          now(
              peers.connect(
                  resource(arguments),
                  peer(arguments),
                  new ConnectOptions(
                      arguments.flag("tentative"), arguments.flag("discard-my-data"))));
      case "disconnect" ->
          peers.disconnect(resource(arguments), peer(arguments), arguments.flag("force"));
      case "del-peer" ->
          peers.delPeer(resource(arguments), peer(arguments), arguments.flag("force"));
      default -> throw new JsonException("'" + command + "' is no command of this daemon");
    };
  }

  private Verdict newPeer(Json.Obj arguments) {
    return peers.newPeer(
        resource(arguments), peer(arguments), NetOptions.defaults().with(options(arguments)));
  }

  private Verdict netOptions(Json.Obj arguments) {
    boolean reset = arguments.flag("set-defaults");
    return peers.netOptions(
        resource(arguments),
        peer(arguments),
        before -> (reset ? before.reset() : before).with(options(arguments)));
  }

  private Verdict peerDeviceOptions(Json.Obj arguments) {
    boolean reset = arguments.flag("set-defaults");
    return peers.peerDeviceOptions(
        resource(arguments),
        peer(arguments),
        arguments.integer("volume"),
        before -> (reset ? PeerDeviceOptions.defaults() : before).with(options(arguments)));
  }

  private static String resource(Json.Obj arguments) {
    return arguments.text("resource");
  }

  private static int peer(Json.Obj arguments) {
    return arguments.integer("peer-node-id");
  }

  private static Endpoint end(Json.Obj arguments, String which) {
    return Endpoint.parse(arguments.text(which));
  }

  private static Map<String, String> options(Json.Obj arguments) {
    return arguments.object("options").texts();
  }

  private static CompletionStage<Verdict> now(Verdict verdict) {
    return CompletableFuture.completedStage(verdict);
  }
}
