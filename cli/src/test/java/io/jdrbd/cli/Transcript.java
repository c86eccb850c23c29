package io.jdrbd.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Calls of drbdadm that were recorded: what was typed, and what came of it. */
record Transcript(List<Entry> entries) {
  private static final String MARK = "### ";

  /**
   * One call.
   *
   * @param line as it was typed
   * @param out what it printed
   * @param calls what it called, where that was recorded
   */
  record Entry(String line, int exit, String out, List<String> calls) {
    /** The words behind the configuration file and its option. */
    List<String> words() {
      List<String> words = new ArrayList<>();
      StringBuilder word = new StringBuilder();
      boolean quoted = false;
      for (char each : (line + " ").toCharArray()) {
        if (each == '\'') {
          quoted = !quoted;
        } else if (each == ' ' && !quoted) {
          words.add(word.toString());
          word.setLength(0);
        } else {
          word.append(each);
        }
      }
      return words.subList(1, words.size());
    }
  }

  static Transcript read(String resource) throws IOException {
    try (InputStream in = Transcript.class.getResourceAsStream(resource)) {
      return parse(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
    }
  }

  private static Transcript parse(String text) {
    List<Entry> entries = new ArrayList<>();
    String line = "";
    int exit = 0;
    boolean calling = false;
    StringBuilder out = new StringBuilder();
    List<String> calls = new ArrayList<>();
    for (String each : text.split("\n", -1)) {
      if (each.startsWith(MARK + "exit ")) {
        exit = Integer.parseInt(each.substring(9));
      } else if (each.equals(MARK + "calls")) {
        calling = true;
      } else if (each.equals(MARK + "end")) {
        entries.add(new Entry(line, exit, out.toString(), List.copyOf(calls)));
        calling = false;
        out.setLength(0);
        calls.clear();
      } else if (each.startsWith(MARK + "drbdadm")) {
        line = each.substring(MARK.length());
      } else if (calling && !each.startsWith(MARK)) {
        calls.add(each);
      } else if (!each.startsWith(MARK) && !line.isEmpty()) {
        out.append(each).append('\n');
      }
    }
    return new Transcript(entries);
  }
}
