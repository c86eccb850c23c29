package io.jdrbd.conf;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a resource (spec 7, section 3). */
final class ResourceReader {
  private final Problems problems;
  private final SectionsReader sections;
  private final HostReader.VolumesReader volumes;
  private final List<HostConf> hosts = new ArrayList<>();
  private final List<ConnectionConf> connections = new ArrayList<>();
  private final List<MeshConf> meshes = new ArrayList<>();
  private Optional<TemplateConf> template = Optional.empty();

  private ResourceReader(Position at, Problems problems) {
    this.problems = problems;
    this.sections = new SectionsReader(problems);
    this.volumes = new HostReader.VolumesReader(at, problems);
  }

  static ResourceConf read(Statement statement, Problems problems) throws ConfException {
    Words words = new Words(statement);
    String name = words.string("the name of the resource").text();
    ResourceReader reader = new ResourceReader(statement.at(), problems);
    for (Statement item : words.body()) {
      problems.during(() -> reader.take(item));
    }
    return new ResourceConf(
        name,
        reader.sections.sections(),
        reader.volumes.volumes(),
        reader.hosts,
        reader.connections,
        reader.meshes,
        reader.template,
        statement.at());
  }

  private void take(Statement item) throws ConfException {
    switch (item.first().text()) {
      case "on", "stacked-on-top-of", "floating" -> hosts.add(HostReader.read(item, problems));
      case "connection" -> connections.add(ConnectionReader.read(item, problems));
      case "connection-mesh" -> meshes.add(mesh(item));
      case "template-file" -> template = Optional.of(TemplateReader.read(item, problems));
      default -> {
        if (!sections.take(item) && !volumes.take(item)) {
          throw Unknown.statement(item, "a resource", known());
        }
      }
    }
  }

  private static Set<String> known() {
    Set<String> known = new LinkedHashSet<>(VolumeReader.WORDS);
    known.addAll(SectionsReader.words());
    known.addAll(
        List.of(
            "on",
            "stacked-on-top-of",
            "floating",
            "volume",
            "connection",
            "connection-mesh",
            "template-file",
            "skip"));
    return known;
  }

  private MeshConf mesh(Statement statement) throws ConfException {
    List<String> names = new ArrayList<>();
    List<Setting> net = new ArrayList<>();
    for (Statement item : new Words(statement).body()) {
      Words words = new Words(item);
      if (item.is("hosts")) {
        words.strings("a host name").forEach(name -> names.add(name.text()));
        words.plain();
      } else if (item.is("net")) {
        net.addAll(SettingsReader.read(words.body(), OptionTable.NET, problems));
      } else {
        throw Unknown.statement(item, "a connection-mesh", Set.of("hosts", "net"));
      }
    }
    return new MeshConf(names, net, statement.at());
  }
}
