package io.jdrbd.conf;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses which word was meant. */
final class NearestWord {
  private static final int CHANGES_MAX = 3;

  private NearestWord() {}

  /** The word that needs the fewest changes of letters, if they are few. */
  static Optional<String> among(Collection<String> words, String wrong) {
    return words.stream()
        .filter(word -> distance(word, wrong) <= Math.min(CHANGES_MAX, (wrong.length() + 1) / 2))
        .min(Comparator.comparingInt(word -> distance(word, wrong)));
  }

  /** {@code "; did you mean 'x'?"}, or nothing. */
  static String hint(Collection<String> words, String wrong) {
    return among(words, wrong).map("; did you mean '%s'?"::formatted).orElse("");
  }

  /** How many letters have to be put in, taken away or changed. */
  private static int distance(String one, String other) {
    int[] before = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[other.length() + 1];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int change = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(before[j], row[j - 1]));
      }
      before = row;
    }
    return before[other.length()];
  }
}
