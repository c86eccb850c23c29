package io.jdrbd.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One low-level call.
 *
 * @param program whose call it is
 */
public record Step(Program program, List<String> arguments) {
  /** Characters that a shell takes as they are (spec 7, section 6.2). */
  private static final String PLAIN = "%+-./:=@_";

  private static final int ASCII_MAX = 127;

  /** Whose arguments a step has. */
  public enum Program {
    SETUP("drbdsetup"),
    META("drbdmeta"),
    SHELL("/bin/sh");

    private final String word;

    Program(String word) {
      this.word = word;
    }

    /** What it is called. */
    public String word() {
      return word;
    }
  }

  public Step {
    arguments = List.copyOf(arguments);
  }

  static Step setup(Object... arguments) {
    return of(Program.SETUP, arguments);
  }

  static Step meta(Object... arguments) {
    return of(Program.META, arguments);
  }

  static Step shell(String command) {
    return of(Program.SHELL, "-c", command);
  }

  private static Step of(Program program, Object... arguments) {
    List<String> words = new ArrayList<>();
    for (Object argument : arguments) {
      words.add(argument.toString());
    }
    return new Step(program, words);
  }

  /** The same with more arguments behind. */
  Step with(List<String> more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(more);
    return new Step(program, all);
  }

  /** As drbdadm prints it: words with a backslash before what a shell would take for its own. */
  public String line() {
    return program.word()
        + arguments.stream().map(word -> " " + escaped(word)).collect(Collectors.joining());
  }

  private static String escaped(String word) {
    StringBuilder text = new StringBuilder();
    word.codePoints()
        .forEach(
            each -> {
              boolean letter = each <= ASCII_MAX && Character.isLetterOrDigit(each);
              if (!letter && PLAIN.indexOf(each) < 0) {
                text.append('\\');
              }
              text.appendCodePoint(each);
            });
    return text.toString();
  }
}
