package io.jdrbd.cli;

import io.jdrbd.cli.JsonLayout.Elements;
import io.jdrbd.cli.JsonLayout.Members;
import io.jdrbd.metadata.format.Placement;
import io.jdrbd.resource.BackingView;
import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.DiskOption;
import io.jdrbd.resource.Endpoint;
import io.jdrbd.resource.MetadataPlace;
import io.jdrbd.resource.NamedOption;
import io.jdrbd.resource.NetOption;
import io.jdrbd.resource.OptionType;
import io.jdrbd.resource.OptionValues;
import io.jdrbd.resource.PathView;
import io.jdrbd.resource.PeerDeviceOption;
import io.jdrbd.resource.ResourceOption;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import io.jdrbd.state.ConnectionState;
import java.util.Comparator;
import java.util.List;

/**
 * The text of {@code show --json} (spec 7, section 10.4). Every option is shown; strings are
 * escaped, other than in the original.
 */
final class ShowJson {
  private static final String NO_KEY = "(null)";

  private ShowJson() {}

  static String of(List<ResourceView> resources) {
    return new Elements(resources.stream().map(ShowJson::resource).toList()).at("") + "\n";
  }

  private static Members resource(ResourceView resource) {
    Members members =
        new Members()
            .with("resource", resource.name())
            .with(
                "options",
                options(new Members(), ResourceOption.values(), resource.options().values()))
            .with(
                "_this_host",
                new Members()
                    .with("node-id", resource.nodeId())
                    .with(
                        "volumes",
                        new Elements(resource.volumes().stream().map(ShowJson::volume).toList())));
    List<Members> connections =
        resource.connections().stream()
            .sorted(Comparator.comparing(ConnectionView::name))
            .map(ShowJson::connection)
            .toList();
    return connections.isEmpty() ? members : members.with("connections", new Elements(connections));
  }

  private static Members volume(VolumeView volume) {
    Members members =
        new Members().with("volume_nr", volume.volume()).with("device_minor", volume.minor());
    Members disk = new Members();
    if (volume.backing().isPresent()) {
      BackingView backing = volume.backing().get();
      members.with("backing-disk", backing.path());
      backing.metadata().ifPresent(metadata -> metadata(members, metadata));
      options(disk, DiskOption.values(), backing.config().values());
    } else if (volume.client()) {
      members.with("disk", "none");
    }
    return members.with("disk", deviceOptions(disk, volume));
  }

  private static void metadata(Members members, MetadataPlace place) {
    members.with("meta-disk", place.isInternal() ? "internal" : place.path());
    if (place.placement() instanceof Placement.Indexed indexed) {
      members.with("meta-disk-index", indexed.index());
    }
  }

  /** The options that new-minor may take; jdrbd knows but one of them. */
  private static Members deviceOptions(Members members, VolumeView volume) {
    return members
        .with("max-bio-size", "1048576")
        .with("diskless", StateWords.yesNo(volume.client()))
        .with("block-size", "512")
        .with("discard-granularity", "4294967295");
  }

  private static Members connection(ConnectionView connection) {
    Members members =
        new Members()
            .with("paths", new Elements(connection.paths().stream().map(ShowJson::path).toList()));
    if (connection.state() == ConnectionState.STANDALONE) {
      members.with("_is_standalone", true);
    }
    return members
        .with("_cstate", connection.state().word())
        .with("net", options(new Members(), NetOption.values(), connection.options().values()))
        .with(
            "volumes",
            new Elements(
                connection.peerDevices().stream()
                    .map(
                        device ->
                            new Members()
                                .with("volume_nr", device.volume())
                                .with(
                                    "disk",
                                    options(
                                        new Members(),
                                        PeerDeviceOption.values(),
                                        device.options().values())))
                    .toList()))
        .with("_peer_node_id", connection.peerNodeId());
  }

  private static Members path(PathView path) {
    return new Members().with("this_host", end(path.local())).with("remote_host", end(path.peer()));
  }

  private static Members end(Endpoint end) {
    return new Members()
        .with("address", end.host())
        .with("port", end.port())
        .with("family", end.family());
  }

  private static <O extends Enum<O> & NamedOption> Members options(
      Members into, O[] options, OptionValues<O> values) {
    for (O option : options) {
      String value = values.get(option);
      switch (option.type()) {
        case OptionType.Bool yesNo -> into.with(option.word(), value.equals("yes"));
        case OptionType.Choice choice -> into.with(option.word(), value);
        case OptionType.Text text -> into.with(option.word(), value);
        case OptionType.Key key -> into.with(option.word(), value.isEmpty() ? NO_KEY : value);
        case OptionType.Numeric number ->
            into.with(option.word(), OptionLines.withUnit(number, value));
      }
    }
    return into;
  }
}
