package io.jdrbd.conf;

import io.jdrbd.conf.ShownResource.ShownConnection;
import io.jdrbd.conf.ShownResource.ShownOptions;
import io.jdrbd.conf.ShownResource.ShownPath;
import io.jdrbd.conf.ShownResource.ShownPeerDevice;
import io.jdrbd.conf.ShownResource.ShownVolume;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads what {@code show} prints: the language, with words of its own (spec 7, section 10.3). */
final class ShownReader {
  /** Says that a device is diskless by intention; not an option of a file. */
  private static final String DISKLESS = "diskless";

  private final Problems problems = new Problems();

  private ShownReader() {}

  static List<ShownResource> read(List<Statement> statements) throws ConfException {
    ShownReader reader = new ShownReader();
    List<ShownResource> all = new ArrayList<>();
    for (Statement statement : statements) {
      if (!statement.is("resource")) {
        throw Unknown.statement(statement, "what show prints", Set.of("resource"));
      }
      all.add(reader.resource(statement));
    }
    reader.problems.throwIfAny();
    return all;
  }

  private ShownResource resource(Statement statement) throws ConfException {
    Words words = new Words(statement);
    String name = words.string("the name of the resource").text();
    ShownOptions options = ShownOptions.NONE;
    OptionalInt nodeId = OptionalInt.empty();
    List<ShownVolume> volumes = new ArrayList<>();
    List<ShownConnection> connections = new ArrayList<>();
    for (Statement item : words.body()) {
      if (item.is("options")) {
        options = options(item, OptionTable.OPTIONS);
      } else if (item.is("_this_host")) {
        for (Statement part : new Words(item).body()) {
          if (part.is("volume")) {
            volumes.add(volume(part));
          } else if (part.is("node-id")) {
            nodeId = OptionalInt.of(new Words(part).integer("the node id", 0, 31));
          }
        }
      } else if (item.is("connection")) {
        connections.add(connection(item));
      }
    }
    return new ShownResource(name, options, nodeId, volumes, connections);
  }

  private ShownOptions options(Statement section, OptionTable table) throws ConfException {
    List<String> unknown = new ArrayList<>();
    List<Statement> known = new ArrayList<>();
    for (Statement item : new Words(section).body()) {
      if (item.is("_unknown")) {
        unknown.add(new Words(item).value("an option").text());
      } else if (!item.is(DISKLESS)) {
        known.add(item);
      }
    }
    return new ShownOptions(SettingsReader.read(known, table, problems), unknown);
  }

  private ShownVolume volume(Statement section) throws ConfException {
    Words words = new Words(section);
    int number = words.integer("the volume number", 0, VolumeReader.NUMBER_MAX);
    VolumeReader reader = new VolumeReader(number, false, section.at(), problems);
    ShownOptions options = ShownOptions.NONE;
    for (Statement item : words.body()) {
      if (item.is("disk") && item.body().isPresent()) {
        options = options(item, OptionTable.DISK);
      } else {
        reader.take(item);
      }
    }
    VolumeConf volume = reader.volume();
    return new ShownVolume(
        number,
        volume.device().map(VolumeConf.Device::minor).orElse(-1),
        volume.disk().filter(disk -> !disk.isNone()).map(VolumeConf.Disk::path),
        volume.metaDisk(),
        options);
  }

  private ShownConnection connection(Statement section) throws ConfException {
    int peer = -1;
    String state = "";
    ShownOptions net = ShownOptions.NONE;
    List<ShownPath> paths = new ArrayList<>();
    List<ShownPeerDevice> volumes = new ArrayList<>();
    for (Statement item : new Words(section).body()) {
      Words words = new Words(item);
      switch (item.first().text()) {
        case "_peer_node_id" -> peer = words.integer("the peer's node id", 0, 31);
        case "_cstate" -> state = words.string("the connection state").text();
        case "net" -> net = options(item, OptionTable.NET);
        case "path" -> path(words.body()).ifPresent(paths::add);
        case "volume" -> volumes.add(peerDevice(words));
        default -> {
          // newer tools may tell more
        }
      }
    }
    return new ShownConnection(peer, paths, state, net, volumes);
  }

  private static Optional<ShownPath> path(List<Statement> items) throws ConfException {
    Optional<Address> local = Optional.empty();
    Optional<Address> remote = Optional.empty();
    for (Statement item : items) {
      if (item.is("_this_host")) {
        local = Optional.of(new Words(item).address());
      } else if (item.is("_remote_host")) {
        remote = Optional.of(new Words(item).address());
      }
    }
    return local.isPresent() && remote.isPresent()
        ? Optional.of(new ShownPath(local.get(), remote.get()))
        : Optional.empty();
  }

  private ShownPeerDevice peerDevice(Words words) throws ConfException {
    int number = words.integer("the volume number", 0, VolumeReader.NUMBER_MAX);
    ShownOptions options = ShownOptions.NONE;
    for (Statement item : words.body()) {
      if (item.is("disk")) {
        options = options(item, OptionTable.PEER_DISK);
      }
    }
    return new ShownPeerDevice(number, options);
  }
}
