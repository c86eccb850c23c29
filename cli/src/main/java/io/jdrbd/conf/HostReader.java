package io.jdrbd.conf;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads a host's section in a resource (spec 7, sections 3 and 4.1). */
final class HostReader {
  private static final int NODE_ID_MAX = 31;

  private final Problems problems;
  private final Once once;
  private final VolumesReader volumes;
  private Optional<Address> address;
  private OptionalInt nodeId = OptionalInt.empty();
  private List<Setting> options = List.of();
  private Optional<ProxyConf> proxy = Optional.empty();

  private HostReader(Optional<Address> address, Position at, Problems problems) {
    this.address = address;
    this.problems = problems;
    this.once = new Once(problems);
    this.volumes = new VolumesReader(at, problems);
  }

  /** {@code on}, {@code stacked-on-top-of} or {@code floating}. */
  static HostConf read(Statement statement, Problems problems) throws ConfException {
    Words words = new Words(statement);
    if (statement.is("floating")) {
      Address known = words.address();
      HostReader reader = new HostReader(Optional.of(known), statement.at(), problems);
      if (statement.body().isPresent()) {
        reader.items(words.body());
      } else {
        words.plain();
      }
      return reader.host(HostConf.Kind.FLOATING, List.of(), statement.at());
    }
    boolean stacked = statement.is("stacked-on-top-of");
    List<String> names =
        stacked
            ? List.of(words.string("a resource").text())
            : words.strings("a host name").stream().map(Token::text).toList();
    HostReader reader = new HostReader(Optional.empty(), statement.at(), problems);
    reader.items(words.body());
    return reader.host(stacked ? HostConf.Kind.STACKED : HostConf.Kind.ON, names, statement.at());
  }

  private HostConf host(HostConf.Kind kind, List<String> names, Position at) {
    return new HostConf(kind, names, nodeId, address, volumes.volumes(), options, proxy, at);
  }

  private void items(List<Statement> items) {
    for (Statement item : items) {
      problems.during(() -> take(item));
    }
  }

  private void take(Statement item) throws ConfException {
    Words words = new Words(item);
    switch (item.first().text()) {
      case "node-id" -> {
        once.check(item);
        nodeId = OptionalInt.of(words.integer("the node id", 0, NODE_ID_MAX));
        words.plain();
      }
      case "address" -> {
        once.check(item);
        address = Optional.of(words.address());
        words.plain();
      }
      case "options" -> {
        once.check(item);
        options = SettingsReader.read(words.body(), OptionTable.OPTIONS, problems);
      }
      case "proxy" -> proxy = Optional.of(ProxyReader.read(item, words, problems));
      default -> {
        if (!volumes.take(item)) {
          Set<String> known = new LinkedHashSet<>(VolumeReader.WORDS);
          known.addAll(List.of("node-id", "address", "options", "volume", "proxy"));
          throw Unknown.statement(item, "a host", known);
        }
      }
    }
  }

  /** Reads the volumes of a host, or of a resource for all hosts. */
  static final class VolumesReader {
    private final Position at;
    private final Problems problems;
    private final Once once;
    private final List<VolumeConf> explicit = new ArrayList<>();
    private Optional<VolumeReader> implicit = Optional.empty();

    VolumesReader(Position at, Problems problems) {
      this.at = at;
      this.problems = problems;
      this.once = new Once(problems);
    }

    List<VolumeConf> volumes() {
      List<VolumeConf> all = new ArrayList<>(explicit);
      implicit.map(VolumeReader::volume).ifPresent(all::add);
      return all;
    }

    boolean take(Statement item) throws ConfException {
      if (item.is("volume")) {
        VolumeConf volume = VolumeReader.read(item, problems);
        once.check(item, "volume " + volume.number());
        explicit.add(volume);
        return true;
      }
      if (!VolumeReader.WORDS.contains(item.first().text())) {
        return false;
      }
      VolumeReader volume = implicit.orElseGet(() -> new VolumeReader(0, true, at, problems));
      implicit = Optional.of(volume);
      volume.take(item);
      return true;
    }
  }
}
