package io.jdrbd.conf;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads a {@code template-file}: one {@code common} section (spec 7, section 3.1). */
final class TemplateReader {
  private TemplateReader() {}

  /**
   * Reads the file that a statement names, found from the directory of the file that names it.
   *
   * @throws ConfException it cannot be read, or has anything but one {@code common}
   */
  static TemplateConf read(Statement statement, Problems problems) throws ConfException {
    Words words = new Words(statement);
    Token name = words.string("a file");
    words.plain();
    Path file =
        Path.of(statement.at().source().name()).toAbsolutePath().resolveSibling(name.text());
    List<Statement> statements;
    try {
      statements = ConfReader.read(file);
    } catch (IOException e) {
      String reason = e instanceof NoSuchFileException ? "there is no such file" : e.getMessage();
      throw new ConfException(
          Problem.of(name, "cannot read the template file %s: %s".formatted(file, reason)));
    }
    if (statements.size() != 1 || !statements.getFirst().is("common")) {
      throw new ConfException(
          Problem.of(name, "the template file %s must have one 'common { … }'".formatted(file)));
    }
    return new TemplateConf(
        file.toString(), SectionsReader.common(statements.getFirst(), problems));
  }
}
