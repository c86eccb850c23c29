package io.jdrbd.conf;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a source into tokens (spec 7, section 2). Not thread-safe. */
final class Scanner {
  private static final int BARE_MAX = 128;
  private static final int QUOTED_MAX = 255;

  private static final Pattern BLANK = Pattern.compile("[ \\t\\r]*(#.*)?", Pattern.DOTALL);
  private static final Pattern BARE = Pattern.compile("[a-zA-Z0-9/._-]+");
  private static final Pattern INTEGER = Pattern.compile("[0-9]{1,8}[MKGs]?");
  private static final Pattern VERSION = Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+");
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 =
      Pattern.compile(
          "(::[fF]{4}:[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:]*)"
              + "(%[a-zA-Z0-9._-]+)?");
  private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");
  private static final String MARKS = "{};[]:";

  private final Source source;
  private int line = 1;
  private int column = 1;

  Scanner(Source source) {
    this.source = source;
  }

  /** The next token; END again and again at the end. */
  Token next() throws ConfException {
    while (true) {
      String text = source.line(line);
      Matcher blank = matcher(BLANK, text);
      blank.lookingAt();
      column = blank.end() + 1;
      if (column <= text.length()) {
        return token(text);
      }
      if (line == source.lines().size()) {
        return new Token(Token.Kind.END, "", here(), 1);
      }
      line++;
      column = 1;
    }
  }

  /**
   * Leaves everything out up to the next opening brace, and from there to its closing one, whatever
   * stands there.
   *
   * @param from what asks for that
   */
  void skipBraces(Token from) throws ConfException {
    int depth = 0;
    while (line <= source.lines().size()) {
      String text = source.line(line);
      for (; column <= text.length(); column++) {
        char mark = text.charAt(column - 1);
        depth += mark == '{' ? 1 : mark == '}' ? -1 : 0;
        if (mark == '}' && depth <= 0) {
          column++;
          return;
        }
      }
      if (line == source.lines().size()) {
        break;
      }
      line++;
      column = 1;
    }
    throw new ConfException(Problem.of(from, "what is to be skipped has no end: no '}' follows"));
  }

  private Position here() {
    return new Position(source, line, column);
  }

  private Matcher matcher(Pattern pattern, String text) {
    return pattern.matcher(text).region(column - 1, text.length());
  }

  private Token token(String text) throws ConfException {
    char first = text.charAt(column - 1);
    if (first == '"') {
      return quoted(text);
    }
    Matcher address = matcher(IPV6, text);
    if (address.lookingAt()) {
      return taken(Token.Kind.IPV6, address.group());
    }
    Matcher bare = matcher(BARE, text);
    if (bare.lookingAt()) {
      return bare(bare.group());
    }
    if (MARKS.indexOf(first) >= 0) {
      return taken(Token.Kind.MARK, String.valueOf(first));
    }
    throw problem(
        1,
        "'%c' cannot stand here; put the text into double quotes if it is meant".formatted(first));
  }

  private Token bare(String word) throws ConfException {
    if (word.length() > BARE_MAX) {
      throw problem(
          word.length(),
          "a word of %d characters; %d are the most".formatted(word.length(), BARE_MAX));
    }
    return taken(kindOf(word), word);
  }

  /** Whether a text may stand without quotes. */
  static boolean isBare(String text) {
    return BARE.matcher(text).matches();
  }

  /** What a bare word is. */
  static Token.Kind kindOf(String word) {
    if (Keywords.has(word)) {
      return Token.Kind.KEYWORD;
    }
    if (INTEGER.matcher(word).matches()) {
      return Token.Kind.INTEGER;
    }
    if (VERSION.matcher(word).matches()) {
      return Token.Kind.VERSION;
    }
    return IPV4.matcher(word).matches() ? Token.Kind.IPV4 : Token.Kind.WORD;
  }

  private Token quoted(String text) throws ConfException {
    Matcher quoted = matcher(QUOTED, text);
    if (!quoted.lookingAt()) {
      throw problem(
          text.length() - column + 1, "the quote is not closed; a string ends on its own line");
    }
    String content = ESCAPED.matcher(quoted.group(1)).replaceAll("$1");
    if (content.length() > QUOTED_MAX) {
      throw problem(
          quoted.group().length(),
          "a string of %d characters; %d are the most".formatted(content.length(), QUOTED_MAX));
    }
    Token token = new Token(Token.Kind.QUOTED, content, here(), quoted.group().length());
    column += token.length();
    return token;
  }

  private Token taken(Token.Kind kind, String text) {
    Token token = new Token(kind, text, here(), text.length());
    column += text.length();
    return token;
  }

  private ConfException problem(int length, String message) {
    return new ConfException(new Problem(here(), length, message));
  }
}
