package io.jdrbd.cli;

import static io.jdrbd.cli.Parameters.flag;

import io.jdrbd.resource.NetOption;
import io.jdrbd.resource.PeerDeviceOption;
import java.util.Arrays;

/** The commands that configure peers and connect to them (spec 7, section 8.1). */
final class ConnectionCommands {
  private static final NetOption[] CHANGEABLE =
      Arrays.stream(NetOption.values())
          .filter(option -> !option.spec().immutable())
          .toArray(NetOption[]::new);

  private ConnectionCommands() {}

  static Command newPeer() {
    Syntax spec = ofConnection("new-peer", "Make a peer host known to a resource.");
    OptionArguments.declare(spec, NetOption.values());
    return new AdminCommand(
        spec,
        arguments ->
            PeerArguments.connection(arguments)
                .with("options", OptionArguments.given(arguments, NetOption.values())));
  }

  static Command netOptions() {
    Syntax spec =
        ofConnection("net-options", "Change the network options of a connection.")
            .addOption(setDefaults());
    OptionArguments.declare(spec, CHANGEABLE);
    return new AdminCommand(
        spec,
        arguments ->
            PeerArguments.connection(arguments)
                .with("set-defaults", arguments.isSet("--set-defaults"))
                .with("options", OptionArguments.given(arguments, CHANGEABLE)));
  }

  static Command peerDeviceOptions() {
    Syntax spec =
        ofConnection("peer-device-options", "Change peer-device options.")
            .addPositional(PeerArguments.volume())
            .addOption(setDefaults());
    OptionArguments.declare(spec, PeerDeviceOption.values());
    return new AdminCommand(
        spec,
        arguments ->
            PeerArguments.connection(arguments)
                .with("volume", PeerArguments.volume(arguments))
                .with("set-defaults", arguments.isSet("--set-defaults"))
                .with("options", OptionArguments.given(arguments, PeerDeviceOption.values())));
  }

  static Command newPath() {
    return new AdminCommand(
        ofPath("new-path", "Add a path (endpoint address pair) where a peer host is reachable."),
        PeerArguments::path);
  }

  static Command delPath() {
    return new AdminCommand(
        ofPath("del-path", "Remove a path (endpoint address pair) from a connection."),
        PeerArguments::path);
  }

  static Command disconnect() {
    return forceable("disconnect", "Unconnect from a peer host.");
  }

  static Command delPeer() {
    return forceable("del-peer", "Remove a connection to a peer host.");
  }

  static Command forgetPeer() {
    return new AdminCommand(
        ofConnection("forget-peer", "Free the bitmap slots of a node that is no peer any more."),
        PeerArguments::connection);
  }

  private static Command forceable(String name, String description) {
    return new AdminCommand(
        ofConnection(name, description).addOption(flag("--force", "Without the peer's consent.")),
        arguments -> PeerArguments.connection(arguments).with("force", arguments.isSet("--force")));
  }

  static Syntax ofConnection(String name, String description) {
    return Parameters.command(name, description)
        .addPositional(PeerArguments.resource())
        .addPositional(PeerArguments.peerNodeId());
  }

  private static Syntax ofPath(String name, String description) {
    return ofConnection(name, description)
        .addPositional(PeerArguments.local())
        .addPositional(PeerArguments.remote());
  }

  private static Syntax.Option setDefaults() {
    return flag("--set-defaults", "Everything not named goes back to its default.");
  }
}
