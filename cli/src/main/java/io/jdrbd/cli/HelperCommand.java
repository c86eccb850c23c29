package io.jdrbd.cli;

import io.jdrbd.conf.ConfException;
import io.jdrbd.conf.HostConf;
import io.jdrbd.conf.VolumeConf;
import io.jdrbd.conf.node.NodeConfiguration;
import io.jdrbd.conf.node.NodeConnection;
import io.jdrbd.conf.node.NodePath;
import io.jdrbd.conf.node.NodeResource;
import io.jdrbd.conf.node.NodeVolume;
import io.jdrbd.plan.Adjustment;
import io.jdrbd.plan.PlanException;
import io.jdrbd.plan.Selection;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The commands for scripts: they print something of the configuration and do nothing (spec 7,
 * section 6.3).
 */
final class HelperCommand implements Command {
  private static final int MINOR_COUNT = 32;
  private static final Map<String, Helper> HELPERS = helpers();

  private final String name;
  private final ConfigurationFile file;

  HelperCommand(String name, ConfigurationFile file) {
    this.name = name;
    this.file = file;
  }

  /** What prints something. */
  private sealed interface Helper {
    String description();

    /** Of the whole configuration, whatever is wrong with it. */
    record OfAll(String description, AllPrinter printer) implements Helper {}

    /** Of each resource. */
    record OfResource(String description, Printer<NodeResource> printer) implements Helper {}

    /** Of each volume. */
    record OfVolume(String description, VolumePrinter printer) implements Helper {}
  }

  /** Prints. */
  @FunctionalInterface
  private interface Printer<T> {
    void print(T object, Surroundings surroundings)
        throws PlanException, ConfException, IOException;
  }

  /** Prints something of a whole configuration. */
  @FunctionalInterface
  private interface AllPrinter {
    void print(NodeConfiguration configuration, Arguments arguments, Surroundings surroundings)
        throws PlanException, ConfException, IOException;
  }

  /** What is to be printed of a volume. */
  private record Volume(NodeConfiguration configuration, Selection selection, NodeVolume volume) {}

  /** Prints a volume. */
  @FunctionalInterface
  private interface VolumePrinter {
    void print(Volume volume, Surroundings surroundings) throws PlanException;
  }

  static Set<String> names() {
    return HELPERS.keySet();
  }

  private static Map<String, Helper> helpers() {
    Map<String, Helper> table = new LinkedHashMap<>();
    table.put(
        "sh-nop",
        new Helper.OfAll(
            "Read the configuration, and say what is wrong with it.",
            (configuration, arguments, surroundings) -> {
              configuration
                  .warnings()
                  .forEach(each -> surroundings.err().print(each.describe("warning")));
              configuration.checked();
            }));
    table.put(
        "sh-resources",
        new Helper.OfAll(
            "List the resources of this host in the configuration.",
            (configuration, arguments, surroundings) ->
                configuration.own().stream()
                    .filter(resource -> resource.isStacked() == isStacked(arguments))
                    .map(NodeResource::name)
                    .forEach(surroundings.out()::println)));
    table.put(
        "sh-mod-parms",
        new Helper.OfAll(
            "Print parameters for the kernel's module.",
            (configuration, arguments, surroundings) ->
                surroundings
                    .out()
                    .println(
                        "minor_count=" + configuration.global().minorCount().orElse(MINOR_COUNT))));
    table.put(
        "sh-list-adjustable",
        new Helper.OfAll(
            "List the resources that adjust would do something for.",
            HelperCommand::listAdjustable));
    table.put(
        "sh-resource",
        new Helper.OfResource(
            "Print the name of a resource.",
            (resource, surroundings) -> surroundings.out().println(resource.name())));
    table.put(
        "sh-list-config-file",
        new Helper.OfResource(
            "Print where a resource is configured.",
            (resource, surroundings) ->
                surroundings
                    .out()
                    .printf(
                        "%s:%d:%s%n",
                        resource.written().at().source().name(),
                        resource.written().at().line(),
                        resource.name())));
    table.put(
        "sh-lr-of",
        new Helper.OfResource("Print what a resource is stacked on.", HelperCommand::below));
    volumes(table);
    return table;
  }

  private static boolean isStacked(Arguments arguments) {
    return arguments.has(AdmSyntax.STACKED.name());
  }

  private static void volumes(Map<String, Helper> table) {
    ofVolume(table, "sh-dev", "Print the device.", each -> each.volume().deviceName());
    ofVolume(
        table, "sh-minor", "Print the minor.", each -> Integer.toString(each.volume().minor()));
    ofVolume(
        table, "sh-ll-dev", "Print the disk.", each -> each.volume().diskPath().orElse("none"));
    ofVolume(
        table,
        "sh-md-dev",
        "Print where the metadata is.",
        each -> {
          VolumeConf.MetaDisk meta = metaDisk(each, "sh-md-dev");
          return meta.isInternal() ? each.volume().diskPath().orElseThrow() : meta.device();
        });
    ofVolume(
        table,
        "sh-md-idx",
        "Print the index of the metadata.",
        each -> {
          VolumeConf.MetaDisk meta = metaDisk(each, "sh-md-idx");
          return meta.isInternal()
              ? "internal"
              : meta.index().isPresent() ? "" + meta.index().getAsInt() : "flexible";
        });
    table.put(
        "sh-ip", new Helper.OfVolume("Print this host's addresses.", HelperCommand::addresses));
    table.put(
        "sh-udev", new Helper.OfVolume("Print what udev names a volume.", HelperCommand::udev));
  }

  /** One line of a volume. */
  @FunctionalInterface
  private interface Line {
    String of(Volume volume) throws PlanException;
  }

  private static void ofVolume(
      Map<String, Helper> table, String name, String description, Line line) {
    table.put(
        name,
        new Helper.OfVolume(
            description, (each, surroundings) -> surroundings.out().println(line.of(each))));
  }

  private static VolumeConf.MetaDisk metaDisk(Volume each, String command) throws PlanException {
    Optional<VolumeConf.MetaDisk> meta = each.volume().metaDisk();
    if (meta.isEmpty()) {
      throw new PlanException(
          ExitCode.REFUSED,
          "The %s command requires a local disk, but the configuration gives none."
              .formatted(command));
    }
    return meta.get();
  }

  private static void addresses(Volume each, Surroundings surroundings) {
    NodeResource resource = each.selection().resource();
    for (NodeConnection connection : resource.ownConnections()) {
      for (NodePath path : connection.paths()) {
        surroundings.out().println(path.of(resource.here()).address().host());
      }
    }
  }

  private static void udev(Volume each, Surroundings surroundings) {
    boolean numbered =
        !each.volume().implicit() || each.configuration().global().udevAlwaysUseVnr();
    String byResource =
        "drbd/by-res/"
            + each.selection().resource().name()
            + (numbered ? "/" + each.volume().number() : "");
    surroundings.out().println("DEVICE=drbd" + each.volume().minor());
    surroundings.out().println("SYMLINK=" + byResource);
    surroundings.out().println("SYMLINK_BY_RES=" + byResource);
    each.volume()
        .diskPath()
        .ifPresent(
            disk ->
                surroundings
                    .out()
                    .println("SYMLINK_BY_DISK=drbd/by-disk/" + disk.replaceFirst("^/(dev/)?", "")));
  }

  private static void below(NodeResource resource, Surroundings surroundings) throws PlanException {
    if (!resource.isStacked()) {
      throw new PlanException(1, "sh-lower-resource only available in stacked mode");
    }
    HostConf here = resource.here().written();
    surroundings.out().println(here.names().getFirst());
  }

  private static void listAdjustable(
      NodeConfiguration configuration, Arguments arguments, Surroundings surroundings)
      throws PlanException, ConfException, IOException {
    configuration.checked();
    for (NodeResource resource : configuration.own()) {
      boolean something =
          resource.isStacked() == isStacked(arguments)
              && !Adjustment.of(
                      configuration,
                      Selection.all(resource),
                      Adjustment.Wish.ALL,
                      Running.find(resource.name(), surroundings))
                  .isEmpty();
      if (something) {
        surroundings.out().println(resource.name());
      }
    }
  }

  @Override
  public Syntax spec() {
    return Parameters.command(name, HELPERS.get(name).description())
        .addPositional(Parameters.optionalArgument("OBJECT...", "RES, RES/VOL or all."))
        .addOption(ConfigurationFile.OPTION)
        .addOption(AdmSyntax.STACKED);
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    return ConfiguredWork.tried(
        surroundings, () -> print(HELPERS.get(name), arguments, surroundings));
  }

  private int print(Helper helper, Arguments arguments, Surroundings surroundings)
      throws PlanException, ConfException, IOException {
    if (helper instanceof Helper.OfAll ofAll) {
      Optional<NodeConfiguration> configuration = file.read(arguments, surroundings);
      if (configuration.isEmpty()) {
        return ExitCode.REFUSED;
      }
      ofAll.printer().print(configuration.get(), arguments, surroundings);
      return ExitCode.OK;
    }
    Optional<NodeConfiguration> configuration = file.readChecked(arguments, surroundings);
    if (configuration.isEmpty()) {
      return ExitCode.REFUSED;
    }
    if (arguments.positionals().isEmpty()) {
      surroundings.err().printf("%s: No resource names specified%n", name);
      return 1;
    }
    for (Selection selection : AdmCommand.selections(configuration.get(), arguments)) {
      if (helper instanceof Helper.OfResource ofResource) {
        ofResource.printer().print(selection.resource(), surroundings);
      } else if (helper instanceof Helper.OfVolume ofVolume) {
        for (NodeVolume volume : selection.volumes()) {
          ofVolume
              .printer()
              .print(new Volume(configuration.get(), selection, volume), surroundings);
        }
      }
    }
    return ExitCode.OK;
  }
}
