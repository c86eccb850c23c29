package io.jdrbd.conf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a configuration file and all that it includes; each file once (spec 7, section 3.1). Not
 * thread-safe.
 */
public final class ConfReader {
  private static final long FILE_BYTES_MAX = 16 << 20;

  private final Set<Path> read = new HashSet<>();
  private final List<Statement> statements = new ArrayList<>();

  /**
   * All statements of a file, with those of the files it includes in the place of the include.
   *
   * @throws ConfException something in them cannot be understood, or a file cannot be read that is
   *     included by its name
   * @throws IOException this file cannot be read
   */
  public static List<Statement> read(Path file) throws ConfException, IOException {
    ConfReader reader = new ConfReader();
    reader.add(file);
    return List.copyOf(reader.statements);
  }

  private void add(Path file) throws ConfException, IOException {
    if (!read.add(file.toRealPath())) {
      return;
    }
    long size = Files.size(file);
    if (size > FILE_BYTES_MAX) {
      throw new IOException(
          "%s has %d bytes; a configuration has at most %d".formatted(file, size, FILE_BYTES_MAX));
    }
    Source source =
        Source.of(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    for (Statement statement : StatementParser.parse(source)) {
      if (statement.is("include")) {
        include(file, statement);
      } else {
        statements.add(statement);
      }
    }
  }

  private void include(Path from, Statement statement) throws ConfException {
    List<Token> words = statement.words();
    if (words.size() != 2 || statement.body().isPresent() || !words.get(1).isString()) {
      throw new ConfException(
          Problem.of(words.getFirst(), "include wants one file name: include \"drbd.d/*.res\";"));
    }
    Token pattern = words.get(1);
    Path directory = from.toAbsolutePath().getParent();
    Path wanted = directory.resolve(pattern.text());
    try {
      for (Path file : isGlob(pattern.text()) ? expanded(wanted) : List.of(wanted)) {
        add(file);
      }
    } catch (IOException e) {
      throw new ConfException(
          Problem.of(pattern, "cannot read the included file: " + e.getMessage()));
    }
  }

  private static boolean isGlob(String name) {
    return name.chars().anyMatch(character -> "*?[".indexOf(character) >= 0);
  }

  /** In the order of their names; each part of the path may have a pattern, as for glob(3). */
  private static List<Path> expanded(Path wanted) throws IOException {
    List<Path> found = List.of(wanted.getRoot());
    for (Path part : wanted) {
      List<Path> deeper = new ArrayList<>();
      for (Path directory : found) {
        deeper.addAll(matching(directory, part.toString()));
      }
      Collections.sort(deeper);
      found = deeper;
    }
    return found;
  }

  private static List<Path> matching(Path directory, String name) throws IOException {
    if (!isGlob(name)) {
      Path there = directory.resolve(name);
      return Files.exists(there) ? List.of(there) : List.of();
    }
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, name)) {
        for (Path entry : entries) {
          if (!entry.getFileName().toString().startsWith(".")) {
            found.add(entry);
          }
        }
      }
    }
    return found;
  }
}
