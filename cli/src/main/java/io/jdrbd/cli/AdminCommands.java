package io.jdrbd.cli;

import static io.jdrbd.cli.Parameters.argument;
import static io.jdrbd.cli.Parameters.flag;
import static io.jdrbd.cli.Parameters.value;

import io.jdrbd.control.Json;
import io.jdrbd.resource.ResourceOption;
import java.util.List;

/** The commands that change what is configured (spec 7, section 8.1). */
final class AdminCommands {
  private AdminCommands() {}

  static Command newResource() {
    Syntax spec =
        Parameters.command("new-resource", "Create a new resource.")
            .addPositional(resource())
            .addPositional(argument("NODE_ID", "This node's id in the cluster, 0 to 31."));
    OptionArguments.declare(spec, ResourceOption.values());
    return new AdminCommand(
        spec,
        arguments ->
            named(arguments)
                .with("node-id", Numbers.parse("NODE_ID", positional(arguments, 1)))
                .with("options", OptionArguments.given(arguments, ResourceOption.values())));
  }

  static Command resourceOptions() {
    Syntax spec =
        Parameters.command("resource-options", "Change the options of an existing resource.")
            .addPositional(resource())
            .addOption(flag("--set-defaults", "Everything not named goes back to its default."));
    OptionArguments.declare(spec, ResourceOption.values());
    return new AdminCommand(
        spec,
        arguments ->
            named(arguments)
                .with("set-defaults", arguments.isSet("--set-defaults"))
                .with("options", OptionArguments.given(arguments, ResourceOption.values())));
  }

  static Command newMinor() {
    return new AdminCommand(
        Parameters.command("new-minor", "Create a new device within a resource.")
            .addPositional(resource())
            .addPositional(argument("MINOR", "Its number in this host, 0 to 1048575."))
            .addPositional(argument("VOLUME", "Its number in the resource, 0 to 65534."))
            .addOption(flag("--diskless", "It is meant to stay without a disk of its own."))
            .addOption(
                value(
                    "--device",
                    "DEVICE",
                    "The block device that shows the volume while a disk is attached: a name such"
                        + " as /dev/nbd3; 'auto' (default) takes a free one if this is root's"
                        + " daemon and the nbd module is there; 'none' leaves it at sockets.")),
        arguments ->
            named(arguments)
                .with("minor", Numbers.minor(positional(arguments, 1)))
                .with("volume", Numbers.parse("VOLUME", positional(arguments, 2)))
                .with("diskless", arguments.isSet("--diskless"))
                .with("device", arguments.value("--device", "auto")));
  }

  static Command primary() {
    return new AdminCommand(
        Parameters.command("primary", "Change the role of this node in a resource to primary.")
            .addPositional(resource())
            .addOption(
                flag(
                    List.of("--overwrite-data-of-peer", "--force"),
                    "Use data that is not UpToDate; it counts as UpToDate from then on.")),
        arguments -> named(arguments).with("force", arguments.isSet("--force")));
  }

  static Command secondary() {
    return new AdminCommand(
        Parameters.command("secondary", "Change the role of this node in a resource to secondary.")
            .addPositional(resource())
            .addOption(
                flag("--force", "Although it is open; all I/O fails until everybody has closed.")),
        arguments -> named(arguments).with("force", arguments.isSet("--force")));
  }

  static Command delMinor() {
    return new AdminCommand(
        Parameters.command("del-minor", "Remove a device.").addPositional(minor()),
        AdminCommands::minor);
  }

  static Command delResource() {
    return new AdminCommand(
        Parameters.command("del-resource", "Remove a resource.").addPositional(resource()),
        AdminCommands::named);
  }

  static Command down() {
    return new AdminCommand(
        Parameters.command("down", "Take a resource down: demote, detach, delete.")
            .addPositional(argument("RESOURCE|all", "Which one, or every one in turn."))
            .addOption(
                flag(
                    "--force",
                    "Although it is open, without the peers' consent; pending requests fail.")),
        arguments -> named(arguments).with("force", arguments.isSet("--force")));
  }

  private static Syntax.Positional resource() {
    return argument("RESOURCE", "Its name.");
  }

  static Syntax.Positional minor() {
    return argument("MINOR", "The device: 10 or /dev/drbd10.");
  }

  private static Json.Obj named(Arguments arguments) {
    return Json.Obj.empty().with("resource", positional(arguments, 0));
  }

  static Json.Obj minor(Arguments arguments) {
    return Json.Obj.empty().with("minor", Numbers.minor(positional(arguments, 0)));
  }

  static String positional(Arguments arguments, int index) {
    return arguments.positional(index, "");
  }
}
