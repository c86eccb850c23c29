package io.jdrbd.cli;

import java.util.ArrayList;
import java.util.List;

/** Finds the command among the words of a command line. */
final class CommandWords {
  private static final String END_OF_OPTIONS = "--";

  /** Of the options that may stand before a command, those with a value behind them. */
  private static final List<String> TAKING_A_VALUE =
      List.of(
          "--run-dir",
          "-c",
          "--config-file",
          "-n",
          "--sh-varname",
          "-W",
          "--setup-option",
          "--max-peers",
          "--size");

  private CommandWords() {}

  /**
   * The same words with the command first. As for drbdadm, options may stand before it, and words
   * between {@code --} and the command are for the low-level command (spec 7, section 6.1).
   */
  static List<String> arrange(List<String> args) {
    int command = position(args);
    if (command >= args.size()) {
      return args;
    }
    List<String> words = new ArrayList<>();
    words.add(args.get(command));
    boolean passedOn = false;
    for (String word : args.subList(0, command)) {
      if (word.equals(END_OF_OPTIONS)) {
        passedOn = true;
      } else if (passedOn) {
        words.add("--setup-option=" + word);
      } else {
        words.add(word);
      }
    }
    words.addAll(args.subList(command + 1, args.size()));
    return words;
  }

  private static int position(List<String> args) {
    boolean passedOn = false;
    for (int i = 0; i < args.size(); i++) {
      String word = args.get(i);
      boolean option = word.startsWith("-");
      if (CommandTable.find(word).isPresent() || (!option && !passedOn)) {
        return i;
      }
      passedOn |= word.equals(END_OF_OPTIONS);
      if (TAKING_A_VALUE.contains(word)) {
        i++;
      }
    }
    return args.size();
  }
}
