package io.jdrbd.conf;

import java.util.List;
import java.util.Optional;

/**
 * Words up to a semicolon, or up to a section in braces.
 *
 * @param words at least one
 * @param body what stands in braces; empty for a statement that ends with a semicolon
 */
public record Statement(List<Token> words, Optional<List<Statement>> body) {
  public Statement {
    words = List.copyOf(words);
    body = body.map(List::copyOf);
  }

  /** What it is about. */
  public Token first() {
    return words.getFirst();
  }

  /** Whether it begins with this word. */
  public boolean is(String word) {
    return first().isWord(word);
  }

  /** Where it begins. */
  public Position at() {
    return first().at();
  }
}
