package io.jdrbd.cli;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Where jdrbd prints something else than drbdadm on purpose. Each is told of, with its reason, in
 * the page on the configuration.
 */
final class Differences {
  /** A recorded call, and why jdrbd's answer is another one. */
  private record Difference(String transcript, String line, String reason) {}

  private static final String ADDRESS =
      "drbdadm looks for the addresses on the machine of the recording; dump only prints";
  private static final String LINE =
      "drbdadm tells the line of the brace, jdrbd that of the word 'resource'";
  private static final String PROXY = "there is no DRBD Proxy for jdrbd";
  private static final String STRICTER = "a node would refuse it later";

  private static final List<Difference> ALL =
      List.of(
          new Difference(".*\\.right", "dump( -v)?", ADDRESS),
          new Difference("08-.*", "dump( -v)?", LINE),
          new Difference(
              "03-.*n1",
              "-d adjust mesh:n2",
              "drbdadm sets options of a peer device whose connection it does not make"),
          new Difference(
              "03-.*n1",
              "-d connect mesh:n2 mesh:n3",
              "drbdadm takes only one object with a peer's name"),
          new Difference(
              "07-.*n3", "-d outdate tie", "drbdadm crashes for a volume without a disk"),
          new Difference(
              "07-.*n3",
              "-d forget-peer tie",
              "drbdadm notices in the midst of it that there is no disk"),
          new Difference("10-.*", "dump", "drbdadm leaves the device of a stacked host out"),
          new Difference("12-.*", "dump( -v)?|-d adjust px", PROXY),
          new Difference(
              "14-.*", "dump", "drbdadm shows the disk of the resource in the host, too"),
          new Difference(
              "bad-configs.*",
              ".*044-.*up all",
              "drbdadm puts a backslash before each byte, jdrbd before each character"),
          new Difference("bad-configs.*", ".*(056|070|075|076|082)-.*", STRICTER),
          new Difference(
              "bad-configs.*", ".*058-.*", "drbdadm crashes for a host without an address"),
          new Difference(
              "bad-configs.*", ".*116-.*up all", "drbdadm keeps leading zeros of a port"));

  /** drbdadm cannot read these marks of its own again. */
  private static final Pattern STRAY_MARK = Pattern.compile("(; # on [^\n]*\n);\n");

  private Differences() {}

  /** What jdrbd is to print where it prints the same. */
  static String withoutStrayMarks(String recorded) {
    return STRAY_MARK.matcher(recorded).replaceAll("$1");
  }

  /** Whether jdrbd's answer is known to be another one. */
  static boolean isKnown(String transcript, Transcript.Entry entry) {
    String line = entry.line().replaceFirst("drbdadm -c [^ ]*/([^ /]*\\.conf) ", "$1 ");
    String words = transcript.startsWith("bad") ? line : line.replaceFirst("^[^ ]* ", "");
    return ALL.stream()
        .anyMatch(known -> transcript.matches(known.transcript()) && words.matches(known.line()));
  }
}
