package io.jdrbd.cli;

import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.PeerDeviceView;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import io.jdrbd.state.DiskState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The queries that print one fact (spec 7, section 8.2). */
final class QueryCommands {
  private QueryCommands() {}

  static Command role() {
    return new Query(
        Parameters.command("role", "Show the current role of a resource.")
            .addPositional(Parameters.argument("RESOURCE", "Its name.")),
        "Unknown resource",
        (resources, arguments) ->
            Snapshot.choose(resources, Optional.of(arguments.positional(0, ""))).stream()
                .map(resource -> resource.role().word() + "\n")
                .findFirst());
  }

  static Command dstate() {
    return new Query(
        Parameters.command("dstate", "Show the current disk state of a device.")
            .addPositional(Parameters.argument("MINOR", "The device: 10 or /dev/drbd10.")),
        "No such device",
        (resources, arguments) -> find(resources, arguments).map(QueryCommands::diskStates));
  }

  private static String diskStates(Device device) {
    int volume = device.volume().volume();
    return Stream.concat(
                Stream.of(device.volume().disk()),
                device.resource().connections().stream()
                    .flatMap(connection -> connection.peerDevice(volume).stream())
                    .map(PeerDeviceView::peerDisk))
            .map(DiskState::word)
            .collect(Collectors.joining("/"))
        + "\n";
  }

  static Command cstate() {
    return ofConnection(
        "cstate",
        "Show the current state of a connection.",
        connection -> connection.state().word());
  }

  static Command peerRole() {
    return ofConnection(
        "peer-role",
        "Show the current role of a peer.",
        connection -> connection.peerRole().word());
  }

  private static Command ofConnection(
      String name, String description, Function<ConnectionView, String> fact) {
    return new Query(
        ConnectionCommands.ofConnection(name, description),
        "No such connection",
        (resources, arguments) ->
            Snapshot.choose(resources, Optional.of(arguments.positional(0, ""))).stream()
                .flatMap(
                    resource -> resource.connection(PeerArguments.peerNodeId(arguments)).stream())
                .map(connection -> fact.apply(connection) + "\n")
                .findFirst());
  }

  static Command udev() {
    return new Query(
        Parameters.command("udev", "Generate output for udev rules.")
            .addPositional(Parameters.argument("MINOR", "The device: 10 or /dev/drbd10.")),
        "No such device",
        (resources, arguments) -> find(resources, arguments).map(QueryCommands::udevText));
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

  private static Optional<Device> find(List<ResourceView> resources, Arguments arguments) {
    int number = Numbers.minor(arguments.positional(0, ""));
    return resources.stream()
        .flatMap(
            resource -> resource.volumes().stream().map(volume -> new Device(resource, volume)))
        .filter(device -> device.volume().minor() == number)
        .findFirst();
  }

  private record Device(ResourceView resource, VolumeView volume) {}

  private record Query(
      Syntax spec,
      String notFound,
      BiFunction<List<ResourceView>, Arguments, Optional<String>> answer)
      implements Command {

    @Override
    public int run(Arguments arguments, Surroundings surroundings) throws IOException {
      Optional<String> text = answer.apply(Snapshot.take(surroundings), arguments);
      if (text.isEmpty()) {
        surroundings.err().printf("%s: %s%n", arguments.positional(0, ""), notFound);
        return ExitCode.REFUSED;
      }
      surroundings.out().print(text.get());
      return ExitCode.OK;
    }
  }
}
