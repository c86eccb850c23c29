package io.jdrbd.cli;

import static io.jdrbd.cli.Parameters.argument;
import static io.jdrbd.cli.Parameters.flag;
import static io.jdrbd.cli.Parameters.optionalArgument;
import static io.jdrbd.cli.Parameters.value;

import io.jdrbd.control.Json;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.resource.DiskOption;
import io.jdrbd.resource.DiskSpec;
import io.jdrbd.resource.SizeUnit;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The commands about the disk of a device (spec 7, section 8.1). */
final class DiskCommands {
  private static final String INTERNAL = "internal";

  private DiskCommands() {}

  static Command attach() {
    Syntax spec =
        Parameters.command(
                "attach",
                "Attach a disk or file to a device.",
                "Metadata is made by 'jdrbd drbdmeta ... create-md' before.")
            .addPositional(AdminCommands.minor())
            .addPositional(argument("DISK", "A block device or a file."))
            .addPositional(
                optionalArgument("METADISK", "Where the metadata is; DISK again if internal."))
            .addPositional(
                optionalArgument("INDEX", "'internal', 'flexible' or the number of a slot."))
            .addOption(
                flag(
                    "--no-metadata",
                    "The disk carries no metadata: all of it is data, nothing is known of its past"
                        + " and nothing will be remembered. It is UpToDate at once."))
            .addOption(
                value(
                    "--engine",
                    "ENGINE",
                    "What does the I/O; default 'auto': the best that works here."))
            .addOption(
                Parameters.values(
                    "--filter",
                    "FILTER",
                    "A behaviour around the disk, for tests; may be given several times, from the"
                        + " disk outwards."));
    OptionArguments.declare(spec, DiskOption.values());
    return new AdminCommand(spec, DiskCommands::attachArguments);
  }

  private static Json.Obj attachArguments(Arguments arguments) {
    boolean noMetadata = arguments.isSet("--no-metadata");
    List<String> filters = arguments.values("--filter");
    String disk = absolute(AdminCommands.positional(arguments, 1));
    Json.Obj request =
        AdminCommands.minor(arguments)
            .with("disk", disk)
            .with("engine", arguments.value("--engine", DiskSpec.AUTO))
            .with("filters", new Json.Array(filters.stream().map(DiskCommands::text).toList()))
            .with("options", OptionArguments.given(arguments, DiskOption.values()))
            .with("no-metadata", noMetadata);
    checkMetadata(arguments, noMetadata);
    if (!noMetadata) {
      String place = AdminCommands.positional(arguments, 2);
      request
          .with("meta-disk", place.equals(INTERNAL) ? disk : absolute(place))
          .with("meta-index", AdminCommands.positional(arguments, 3));
    }
    return request;
  }

  private static void checkMetadata(Arguments arguments, boolean noMetadata) {
    boolean metaDisk = arguments.hasPositional(2);
    if (noMetadata && metaDisk) {
      throw new UsageException("METADISK and INDEX do not go with --no-metadata");
    }
    if (!noMetadata && !metaDisk) {
      throw new UsageException(
          "METADISK and INDEX are missing: DISK again and 'internal', another device and 'flexible'"
              + " or a number; or --no-metadata");
    }
    if (metaDisk && !arguments.hasPositional(3)) {
      throw new UsageException("METADISK needs an INDEX: 'internal', 'flexible' or a number");
    }
    if (metaDisk && Placement.parse(AdminCommands.positional(arguments, 3)).isEmpty()) {
      throw new UsageException(
          "INDEX '%s' must be 'internal', 'flexible' or a number from 0 to 255"
              .formatted(AdminCommands.positional(arguments, 3)));
    }
  }

  static Command detach() {
    return new AdminCommand(
        Parameters.command("detach", "Detach the disk of a device.")
            .addPositional(AdminCommands.minor())
            .addOption(
                flag(
                    "--force",
                    "Although data becomes inaccessible, and without waiting for requests."))
            .addOption(flag("--diskless", "Remember it as diskless by intention.")),
        arguments ->
            AdminCommands.minor(arguments)
                .with("force", arguments.isSet("--force"))
                .with("diskless", arguments.isSet("--diskless")));
  }

  static Command diskOptions() {
    Syntax spec =
        Parameters.command(
                "disk-options",
                "Change the options of an attached disk.",
                "al-extents, al-updates and md-flushes count from the next attach on.")
            .addPositional(AdminCommands.minor())
            .addOption(flag("--set-defaults", "Everything not named goes back to its default."));
    DiskOption[] changeable =
        Arrays.stream(DiskOption.values())
            .filter(option -> option != DiskOption.SIZE)
            .toArray(DiskOption[]::new);
    OptionArguments.declare(spec, changeable);
    return new AdminCommand(
        spec,
        arguments ->
            AdminCommands.minor(arguments)
                .with("set-defaults", arguments.isSet("--set-defaults"))
                .with("options", OptionArguments.given(arguments, changeable)));
  }

  static Command resize() {
    return new AdminCommand(
        Parameters.command("resize", "Let a device be as large as its disk is by now.")
            .addPositional(AdminCommands.minor())
            .addOption(
                value("--size", "SIZE", "No more than this, in sectors; 0 (default) for all."))
            .addOption(
                flag(
                    List.of("--assume-peer-has-space", "-f"),
                    "Grow although a peer that has a disk is not connected."))
            .addOption(
                flag("--assume-clean", "What is new is alike everywhere and needs no resync."))
            .addOption(value("--al-stripes", "N", "Stripes that the activity log is to have."))
            .addOption(value("--al-stripe-size-kB", "KIB", "Size of each stripe; default 32.")),
        DiskCommands::resizeArguments);
  }

  private static Json.Obj resizeArguments(Arguments arguments) {
    Json.Obj wish =
        AdminCommands.minor(arguments)
            .with("size", size(arguments))
            .with("assume-peer-has-space", arguments.isSet("--assume-peer-has-space"))
            .with("assume-clean", arguments.isSet("--assume-clean"));
    String stripes = arguments.value("--al-stripes", "");
    String stripeKib = arguments.value("--al-stripe-size-kB", "");
    if (stripes.isEmpty() && stripeKib.isEmpty()) {
      return wish;
    }
    return wish.with("al-stripes", stripes.isEmpty() ? 1 : Numbers.parse("--al-stripes", stripes))
        .with("al-stripe-kib", stripeKib.isEmpty() ? 32 : kib(stripeKib));
  }

  private static long kib(String text) {
    return SizeUnit.KIB
        .parse(text)
        .orElseThrow(
            () ->
                new UsageException(
                    "--al-stripe-size-kB '%s' is not a size such as 64k".formatted(text)));
  }

  static Command checkResize() {
    return new AdminCommand(
        Parameters.command(
                "check-resize",
                "Remember how large the disk of a device is, so that its metadata is found again"
                    + " when it has grown while it was not attached.")
            .addPositional(AdminCommands.minor()),
        AdminCommands::minor);
  }

  private static long size(Arguments arguments) {
    String text = arguments.value("--size", "0");
    return SizeUnit.SECTOR
        .parse(text)
        .orElseThrow(
            () -> new UsageException("--size '%s' is not a size such as 1G".formatted(text)));
  }

  static Command suspendIo() {
    return new AdminCommand(
        Parameters.command("suspend-io", "Let all I/O of a device's resource wait.")
            .addPositional(AdminCommands.minor()),
        AdminCommands::minor);
  }

  static Command resumeIo() {
    return new AdminCommand(
        Parameters.command(
                "resume-io",
                "Let I/O of a device's resource go on after suspend-io, or although a peer that"
                    + " was to be fenced is not.")
            .addPositional(AdminCommands.minor()),
        AdminCommands::minor);
  }

  static Command outdate() {
    return new AdminCommand(
        Parameters.command("outdate", "Mark the data on a device as outdated.")
            .addPositional(AdminCommands.minor()),
        AdminCommands::minor);
  }

  static Command newCurrentUuid() {
    return new AdminCommand(
        Parameters.command("new-current-uuid", "Generate a new current UUID.")
            .addPositional(AdminCommands.minor())
            .addOption(
                flag(
                    "--clear-bitmap",
                    "All peers have the same data already; new metadata counts as UpToDate then."))
            .addOption(flag("--force-resync", "The own data counts as UpToDate from then on.")),
        arguments ->
            AdminCommands.minor(arguments)
                .with("clear-bitmap", arguments.isSet("--clear-bitmap"))
                .with("force-resync", arguments.isSet("--force-resync")));
  }

  private static Json text(String value) {
    return new Json.Text(value);
  }

  /** The daemon has another working directory. */
  private static String absolute(String path) {
    return Path.of(path).toAbsolutePath().normalize().toString();
  }
}
