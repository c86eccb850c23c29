package io.jdrbd.conf;

import io.jdrbd.resource.OptionType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the options of one section, each with its value checked (spec 7, sections 3 and 5.1). */
final class SettingsReader {
  private static final String NEGATION = "no-";

  private final OptionTable table;
  private final Problems problems;
  private final Map<String, Setting> settings = new LinkedHashMap<>();

  private SettingsReader(OptionTable table, Problems problems) {
    this.table = table;
    this.problems = problems;
  }

  static List<Setting> read(List<Statement> statements, OptionTable table, Problems problems) {
    SettingsReader reader = new SettingsReader(table, problems);
    for (Statement statement : statements) {
      problems.during(() -> reader.read(statement));
    }
    return List.copyOf(reader.settings.values());
  }

  private void read(Statement statement) throws ConfException {
    if (statement.is("_unknown")) {
      return; // what drbdsetup says of an option that it does not know
    }
    Token name = statement.first();
    Words words = new Words(statement);
    Optional<OptionType> type = table.type(name.text());
    if (type.isPresent()) {
      set(name, name.text(), value(name, type.get(), words));
      words.plain();
      return;
    }
    String positive =
        name.text().startsWith(NEGATION) ? name.text().substring(NEGATION.length()) : "";
    if (table.type(positive).filter(OptionType.Bool.class::isInstance).isPresent()) {
      words.plain();
      set(name, positive, "no");
      return;
    }
    throw new ConfException(
        Problem.of(
            name,
            "'%s' has no option %s%s"
                .formatted(
                    table.section(), name.shown(), NearestWord.hint(table.names(), name.text()))));
  }

  private static String value(Token name, OptionType type, Words words) throws ConfException {
    if (type instanceof OptionType.Bool && words.isAtEnd()) {
      return "yes";
    }
    Token value = words.value("the value of '" + name.text() + "'");
    if (type.canonical(value.text()).isEmpty()) {
      throw new ConfException(
          Problem.of(
              value,
              "'%s' does not take %s; it takes %s"
                  .formatted(name.text(), value.shown(), type.accepts())));
    }
    return value.text();
  }

  private void set(Token at, String name, String value) {
    Setting before = settings.putIfAbsent(name, new Setting(name, value, at.at()));
    if (before != null) {
      problems.add(Problem.of(at, "'%s' is set twice; first at %s".formatted(name, before.at())));
    }
  }
}
