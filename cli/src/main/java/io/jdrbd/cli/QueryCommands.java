package io.jdrbd.cli;

import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** The queries that print one fact (spec 7, section 8.2). */
final class QueryCommands {
  private QueryCommands() {}

  static Command role() {
    return new Query(
        Parameters.command("role", "Show the current role of a resource.")
            .addPositional(Parameters.argument("RESOURCE", "Its name.")),
        "Unknown resource",
        (resources, name) ->
            Snapshot.choose(resources, Optional.of(name)).stream()
                .map(resource -> resource.role().word() + "\n")
                .findFirst());
  }

  static Command dstate() {
    return new Query(
        Parameters.command("dstate", "Show the current disk state of a device.")
            .addPositional(Parameters.argument("MINOR", "The device: 10 or /dev/drbd10.")),
        "No such device",
        (resources, minor) ->
            find(resources, minor).map(device -> device.volume().disk().word() + "\n"));
  }

  static Command udev() {
    return new Query(
        Parameters.command("udev", "Generate output for udev rules.")
            .addPositional(Parameters.argument("MINOR", "The device: 10 or /dev/drbd10.")),
        "No such device",
        (resources, minor) -> find(resources, minor).map(QueryCommands::udevText));
  }

  private static String udevText(Device device) {
    String byDisk =
        device
            .volume()
            .backingDevice()
            .map(
                path -> "SYMLINK_BY_DISK=drbd/by-disk/" + path.replaceFirst("^/(dev/)?", "") + "\n")
            .orElse("");
    return "DEVICE=drbd%d%nSYMLINK_BY_RES=drbd/by-res/%s/%d%n%s"
        .formatted(
            device.volume().minor(), device.resource().name(), device.volume().volume(), byDisk);
  }

  private static Optional<Device> find(List<ResourceView> resources, String minor) {
    int number = Numbers.minor(minor);
    return resources.stream()
        .flatMap(
            resource -> resource.volumes().stream().map(volume -> new Device(resource, volume)))
        .filter(device -> device.volume().minor() == number)
        .findFirst();
  }

  private record Device(ResourceView resource, VolumeView volume) {}

  private record Query(
      Syntax spec, String notFound, BiFunction<List<ResourceView>, String, Optional<String>> answer)
      implements Command {

    @Override
    public int run(Arguments arguments, Surroundings surroundings) throws IOException {
      String object = arguments.positional(0, "");
      Optional<String> text = answer.apply(Snapshot.take(surroundings), object);
      if (text.isEmpty()) {
        surroundings.err().printf("%s: %s%n", object, notFound);
        return ExitCode.REFUSED;
      }
      surroundings.out().print(text.get());
      return ExitCode.OK;
    }
  }
}
