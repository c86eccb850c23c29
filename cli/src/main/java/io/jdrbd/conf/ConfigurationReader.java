package io.jdrbd.conf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes a configuration of statements (spec 7, section 3). */
final class ConfigurationReader {
  private static final Set<String> WORDS =
      Set.of("global", "common", "resource", "include", "skip");
  private static final String VERSION_CHECK = "require-drbd-module-version-";

  private final Problems problems = new Problems();
  private final Once once = new Once(problems);
  private final List<ResourceConf> resources = new ArrayList<>();
  private final Map<String, Position> names = new HashMap<>();
  private Optional<GlobalConf> global = Optional.empty();
  private Sections common = Sections.none();

  private ConfigurationReader() {}

  static Configuration read(List<Statement> statements) throws ConfException {
    ConfigurationReader reader = new ConfigurationReader();
    for (Statement statement : statements) {
      reader.problems.during(() -> reader.take(statement));
    }
    reader.problems.throwIfAny();
    return new Configuration(reader.global, reader.common, reader.resources);
  }

  private void take(Statement statement) throws ConfException {
    switch (statement.first().text()) {
      case "global" -> {
        once.check(statement);
        global = Optional.of(GlobalReader.read(statement, problems));
      }
      case "common" -> {
        once.check(statement);
        common = SectionsReader.common(statement, problems);
      }
      case "resource" -> resource(statement);
      default -> {
        if (!statement.first().text().startsWith(VERSION_CHECK)) {
          throw Unknown.statement(statement, "a configuration", WORDS);
        }
      }
    }
  }

  private void resource(Statement statement) throws ConfException {
    ResourceConf resource = ResourceReader.read(statement, problems);
    Position before = names.putIfAbsent(resource.name(), resource.at());
    if (before != null) {
      throw new ConfException(
          Problem.of(
              statement.words().get(1),
              "there are two resources '%s'; the first is at %s"
                  .formatted(resource.name(), before)));
    }
    resources.add(resource);
  }
}
