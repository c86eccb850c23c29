package io.jdrbd.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes the words of one statement, one after the other, and complains of what does not fit. Not
 * thread-safe.
 */
final class Words {
  private final Statement statement;
  private int taken;

  Words(Statement statement) {
    this.statement = statement;
    this.taken = 1;
  }

  private Optional<Token> peek() {
    return taken < statement.words().size()
        ? Optional.of(statement.words().get(taken))
        : Optional.empty();
  }

  boolean isAtEnd() {
    return peek().isEmpty();
  }

  /** Takes the next word if it is this one. */
  boolean skip(String word) {
    boolean there = peek().filter(next -> next.isWord(word)).isPresent();
    taken += there ? 1 : 0;
    return there;
  }

  private boolean skipMark(char mark) {
    boolean there = peek().filter(next -> next.isMark(mark)).isPresent();
    taken += there ? 1 : 0;
    return there;
  }

  private Token next(String wanted) throws ConfException {
    Optional<Token> next = peek();
    if (next.isEmpty()) {
      throw missing(wanted);
    }
    taken++;
    return next.get();
  }

  private ConfException missing(String wanted) {
    Token last = statement.words().get(taken - 1);
    Position behind =
        new Position(last.at().source(), last.at().line(), last.at().column() + last.length());
    return new ConfException(
        new Problem(behind, 1, "%s expected after %s".formatted(wanted, last.shown())));
  }

  /** A string, in quotes or not. */
  Token string(String wanted) throws ConfException {
    Token next = next(wanted);
    if (next.isString()) {
      return next;
    }
    String hint = next.kind() == Token.Kind.KEYWORD ? "; put it into double quotes" : "";
    throw new ConfException(
        Problem.of(
            next,
            "%s expected, but %s is %s%s"
                .formatted(wanted, next.shown(), next.kind().words(), hint)));
  }

  /** All the rest, strings. */
  List<Token> strings(String wanted) throws ConfException {
    List<Token> all = new ArrayList<>();
    do {
      all.add(string(wanted));
    } while (!isAtEnd());
    return all;
  }

  /** A string, a number or an address, as options take them. */
  Token value(String wanted) throws ConfException {
    Token next = next(wanted);
    if (next.kind() == Token.Kind.MARK) {
      throw new ConfException(
          Problem.of(next, "%s expected, not %s".formatted(wanted, next.shown())));
    }
    return next;
  }

  /** One of two words. */
  boolean yesOrNo() throws ConfException {
    Token next = next("'yes' or 'no'");
    if (next.isWord("yes") || next.isWord("no")) {
      return next.isWord("yes");
    }
    throw new ConfException(
        Problem.of(next, "'yes' or 'no' expected, not %s".formatted(next.shown())));
  }

  /** A number without a unit. */
  int integer(String wanted, int min, int max) throws ConfException {
    Token next = next(wanted);
    if (next.kind() != Token.Kind.INTEGER
        || !Character.isDigit(next.text().charAt(next.text().length() - 1))) {
      throw new ConfException(
          Problem.of(next, "%s expected, a number, not %s".formatted(wanted, next.shown())));
    }
    int number = Integer.parseInt(next.text());
    if (number < min || number > max) {
      throw new ConfException(
          Problem.of(next, "%s is %d; it may be %d to %d".formatted(wanted, number, min, max)));
    }
    return number;
  }

  /** A number in brackets, if there is one. */
  Optional<Integer> index() throws ConfException {
    if (!skipMark('[')) {
      return Optional.empty();
    }
    int index = integer("the index", 0, Integer.MAX_VALUE);
    mark(']');
    return Optional.of(index);
  }

  private void mark(char mark) throws ConfException {
    if (!skipMark(mark)) {
      Optional<Token> next = peek();
      if (next.isEmpty()) {
        throw missing("'" + mark + "'");
      }
      throw new ConfException(
          Problem.of(next.get(), "'%c' expected, not %s".formatted(mark, next.get().shown())));
    }
  }

  /** An address with its family and port. */
  Address address() throws ConfException {
    for (Address.Family family : Address.Family.values()) {
      if (skip(family.word())) {
        return address(family);
      }
    }
    return address(Address.Family.IPV4);
  }

  private Address address(Address.Family family) throws ConfException {
    boolean six = family == Address.Family.IPV6;
    if (six) {
      mark('[');
    }
    Token host = next("an address");
    if (host.kind() != (six ? Token.Kind.IPV6 : Token.Kind.IPV4)) {
      throw new ConfException(
          Problem.of(
              host,
              "%s expected, not %s%s"
                  .formatted(
                      six ? "an IPv6 address" : "an IPv4 address",
                      host.shown(),
                      host.kind() == Token.Kind.IPV6 || host.isMark('[')
                          ? "; write 'ipv6 [ADDRESS]:PORT'"
                          : "; names are not looked up, write 'IP:PORT'")));
    }
    if (six) {
      mark(']');
    }
    mark(':');
    return new Address(family, host.text(), integer("the port", 1, 65535), host.at());
  }

  /** Nothing may follow. */
  void end() throws ConfException {
    Optional<Token> next = peek();
    if (next.isPresent()) {
      throw new ConfException(
          Problem.of(
              next.get(),
              "%s does not belong to this '%s'; ';' expected"
                  .formatted(next.get().shown(), statement.first().text())));
    }
  }

  /** The section behind the words. */
  List<Statement> body() throws ConfException {
    end();
    return statement.body().orElseThrow(() -> missing("a section, '{'"));
  }

  /** There is no section behind the words, and nothing else. */
  void plain() throws ConfException {
    end();
    if (statement.body().isPresent()) {
      throw new ConfException(
          Problem.of(
              statement.first(),
              "'%s' has no section; ';' expected instead of '{'"
                  .formatted(statement.first().text())));
    }
  }
}
