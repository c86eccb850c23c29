package io.jdrbd.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads a connection, with its paths and the options of its peer devices (spec 7, section 3). */
final class ConnectionReader {
  private static final Set<String> WORDS =
      Set.of("host", "address", "path", "net", "disk", "volume");

  private final Problems problems;
  private final Once once;
  private final List<EndConf> ends = new ArrayList<>();
  private final List<List<EndConf>> paths = new ArrayList<>();
  private final List<ConnectionConf.PeerVolume> volumes = new ArrayList<>();
  private List<Setting> net = List.of();
  private List<Setting> disk = List.of();

  private ConnectionReader(Problems problems) {
    this.problems = problems;
    this.once = new Once(problems);
  }

  static ConnectionConf read(Statement statement, Problems problems) throws ConfException {
    Words words = new Words(statement);
    if (!words.isAtEnd()) {
      words.string("a name"); // accepted, and means nothing
    }
    ConnectionReader reader = new ConnectionReader(problems);
    for (Statement item : words.body()) {
      problems.during(() -> reader.take(item));
    }
    return reader.connection(statement);
  }

  private ConnectionConf connection(Statement statement) {
    List<List<EndConf>> all = new ArrayList<>();
    if (!ends.isEmpty()) {
      problems.during(() -> two(ends, statement));
      all.add(ends);
    }
    all.addAll(paths);
    if (all.isEmpty()) {
      problems.add(
          Problem.of(statement.first(), "a connection wants two hosts: host NAME; host NAME;"));
    }
    return new ConnectionConf(all, !ends.isEmpty(), net, disk, volumes, statement.at());
  }

  private static void two(List<EndConf> ends, Statement statement) throws ConfException {
    if (ends.size() != 2) {
      throw new ConfException(
          Problem.of(
              statement.first(),
              "a %s has two ends, not %d".formatted(statement.first().text(), ends.size())));
    }
  }

  private void take(Statement item) throws ConfException {
    Words words = new Words(item);
    switch (item.first().text()) {
      case "host", "address" -> ends.add(end(item, words));
      case "path" -> {
        List<EndConf> path = new ArrayList<>();
        for (Statement end : words.body()) {
          path.add(end(end, new Words(end)));
        }
        two(path, item);
        paths.add(path);
      }
      case "net" -> {
        once.check(item);
        net = SettingsReader.read(words.body(), OptionTable.NET, problems);
      }
      case "disk" -> {
        once.check(item);
        disk = SettingsReader.read(words.body(), OptionTable.PEER_DISK, problems);
      }
      case "volume" -> volume(item, words);
      case "_peer_node_id", "_cstate" -> {
        // how drbdsetup shows a connection that exists
      }
      default -> throw Unknown.statement(item, "a connection", WORDS);
    }
  }

  private void volume(Statement statement, Words words) throws ConfException {
    int number = words.integer("the volume number", 0, VolumeReader.NUMBER_MAX);
    once.check(statement, "volume " + number);
    List<Setting> settings = List.of();
    for (Statement item : words.body()) {
      if (!item.is("disk")) {
        throw Unknown.statement(item, "the volume of a connection", Set.of("disk"));
      }
      settings = SettingsReader.read(new Words(item).body(), OptionTable.PEER_DISK, problems);
    }
    volumes.add(new ConnectionConf.PeerVolume(number, settings, statement.at()));
  }

  private EndConf end(Statement item, Words words) throws ConfException {
    Optional<String> host = Optional.empty();
    Optional<Address> address = Optional.empty();
    OptionalInt port = OptionalInt.empty();
    Optional<Address> outside = Optional.empty();
    Optional<ProxyConf> proxy = Optional.empty();
    if (item.is("host")) {
      host = Optional.of(words.string("a host name").text());
      if (words.skip("address")) {
        address = Optional.of(words.address());
      } else if (words.skip("port")) {
        port = OptionalInt.of(words.integer("the port", 1, 65535));
      }
    } else if (item.is("address")) {
      address = Optional.of(words.address());
    } else {
      throw Unknown.statement(item, "a path", Set.of("host", "address"));
    }
    if (words.skip("via")) {
      if (words.skip("proxy")) {
        proxy = Optional.of(ProxyReader.read(item, words, problems));
      } else if (words.skip("outside-address")) {
        outside = Optional.of(words.address());
      } else {
        words.string("'proxy' or 'outside-address'");
      }
    }
    if (proxy.isEmpty()) {
      words.plain();
    }
    return new EndConf(host, address, port, outside, proxy, item.at());
  }
}
