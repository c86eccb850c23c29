package io.jdrbd.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes statements of tokens: the shape that everything in the language has. What the words mean is
 * decided later. Not thread-safe.
 */
final class StatementParser {
  private static final int DEPTH_MAX = 20;

  private final Scanner scanner;
  private Token next;

  private StatementParser(Scanner scanner) throws ConfException {
    this.scanner = scanner;
    this.next = scanner.next();
  }

  /**
   * All statements of a source.
   *
   * @throws ConfException at the first thing that cannot be understood
   */
  static List<Statement> parse(Source source) throws ConfException {
    StatementParser parser = new StatementParser(new Scanner(source));
    List<Statement> all = new ArrayList<>();
    while (parser.next.kind() != Token.Kind.END) {
      parser.statement(0).ifPresent(all::add);
    }
    return all;
  }

  /** One statement; empty for one that is to be skipped. */
  private Optional<Statement> statement(int depth) throws ConfException {
    if (next.isMark('}')) {
      throw problem("there is no section that this '}' could close");
    }
    if (next.isMark('{') || next.isMark(';')) {
      throw problem("a statement begins with a word, not with " + next.shown());
    }
    if (next.isWord("skip")) {
      scanner.skipBraces(next);
      advance();
      return Optional.empty();
    }
    List<Token> words = new ArrayList<>();
    while (!next.isMark(';') && !next.isMark('{')) {
      if (next.isMark('}') || next.kind() == Token.Kind.END) {
        throw missingEnd(words);
      }
      words.add(next);
      advance();
    }
    if (next.isMark(';')) {
      advance();
      return Optional.of(new Statement(words, Optional.empty()));
    }
    return Optional.of(new Statement(words, Optional.of(body(words.getFirst(), depth + 1))));
  }

  private List<Statement> body(Token opener, int depth) throws ConfException {
    if (depth > DEPTH_MAX) {
      throw problem("sections are nested more than %d deep".formatted(DEPTH_MAX));
    }
    advance();
    List<Statement> body = new ArrayList<>();
    while (!next.isMark('}')) {
      if (next.kind() == Token.Kind.END) {
        throw new ConfException(
            Problem.of(
                opener, "the section %s is not closed: no '}' follows".formatted(opener.shown())));
      }
      statement(depth).ifPresent(body::add);
    }
    advance();
    if (opener.isWord("host") && next.isMark(';')) {
      advance(); // of "host … via proxy on … { … };"
    }
    return body;
  }

  /** The mark belongs behind what should have been ended, not to what was found instead. */
  private ConfException missingEnd(List<Token> words) {
    Token last = words.getLast();
    Position behind =
        new Position(last.at().source(), last.at().line(), last.at().column() + last.length());
    return new ConfException(
        new Problem(
            behind,
            1,
            "';' or '{' expected after %s, not %s".formatted(last.shown(), next.shown())));
  }

  private ConfException problem(String message) {
    return new ConfException(Problem.of(next, message));
  }

  private void advance() throws ConfException {
    next = scanner.next();
  }
}
