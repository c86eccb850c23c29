package io.jdrbd.vm;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What two nodes of the kernel's DRBD 8.4 write to their logs while they connect, sync, write and
 * part: the file {@code kernel-log-84.txt}, recorded from them, with {@code #} for each number. A
 * change of several states is told in one line, by chance in this or that combination; the file has
 * each for itself. What is said of AL updates was not recorded: it is said where all bits are set,
 * as of a fresh disk, whose size in the recordings was such that some were not. Nor was that both
 * dialled each other at the same moment.
 */
final class KernelTalk {
  private static final Pattern LINE =
      Pattern.compile("^\\[ *[0-9.]+\\] (?:drbd r0|block drbd0|drbd0): (.*)$");
  private static final Pattern CHANGE = Pattern.compile("\\w+\\( \\w+ -> \\w+ \\)");
  private static final Pattern CHANGES = Pattern.compile("(\\w+\\( \\w+ -> \\w+ \\) ?)+");
  private static final Pattern NUMBER =
      Pattern.compile("[0-9A-F]{16}|0x[0-9a-f]+|[0-9]+(\\.[0-9]+)?");

  private static final Pattern BY_CHANCE =
      Pattern.compile(" ((Suspended|Resumed) AL updates|initial packet [SM] crossed)$");

  private static final Set<String> KNOWN = read();

  private KernelTalk() {}

  /** The lines about DRBD that have something unknown in them. */
  static List<String> oddLines(String log) {
    return log.lines()
        .filter(line -> !BY_CHANCE.matcher(line).find())
        .filter(line -> content(line).anyMatch(text -> !KNOWN.contains(text)))
        .toList();
  }

  private static Stream<String> content(String line) {
    return Stream.of(line)
        .map(LINE::matcher)
        .filter(matcher -> matcher.matches())
        .map(matcher -> matcher.group(1).strip())
        .flatMap(KernelTalk::parts);
  }

  private static Stream<String> parts(String text) {
    return CHANGES.matcher(text).matches()
        ? CHANGE.matcher(text).results().map(MatchResult::group)
        : Stream.of(NUMBER.matcher(text).replaceAll("#"));
  }

  private static Set<String> read() {
    try (InputStream file =
        Optional.ofNullable(KernelTalk.class.getResourceAsStream("/kernel-log-84.txt"))
            .orElseThrow()) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("//"))
          .collect(toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the recorded lines", e);
    }
  }
}
