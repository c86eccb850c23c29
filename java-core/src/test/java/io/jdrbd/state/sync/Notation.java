package io.jdrbd.state.sync;

import io.jdrbd.metadata.rules.Generations;
import io.jdrbd.metadata.rules.Generations84;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import io.jdrbd.state.SplitBrainPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the short notation in which the specification writes its test vectors (3.11, 3.12). */
final class Notation {
  private static final int NODES = 32;
  private static final Pattern SIDE = Pattern.compile("(\\w+) bm\\{([^}]*)} h\\[([^]]*)]\\s*(.*)");

  private Notation() {}

  /** Such as {@code C101 bm{1=AA00} h[8800 9900] Pri,bits=50}, of node 0 or 1. */
  static SyncSide<Generations> side(int node, boolean asSent, String text) {
    Matcher matcher = SIDE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    List<Long> slots = new ArrayList<>(Collections.nCopies(NODES, asSent ? -1L : 0L));
    for (String slot :
        matcher.group(2).isBlank() ? new String[0] : matcher.group(2).split(" ", -1)) {
      String[] parts = slot.split("=", -1);
      slots.set(Integer.parseInt(parts[0]), hex(parts[1]));
    }
    List<Long> history = new ArrayList<>(Collections.nCopies(NODES, 0L));
    String[] former = matcher.group(3).isBlank() ? new String[0] : matcher.group(3).split(" ", -1);
    for (int i = 0; i < former.length; i++) {
      history.set(i, hex(former[i]));
    }
    return side(
        new Generations(node, hex(matcher.group(1)), slots, history), matcher.group(4), true);
  }

  /** Such as {@code C101:4:0:0 Pri}. */
  static SyncSide<Generations84> side84(String text) {
    String[] parts = text.strip().split(" ", 2);
    long[] uuids = Arrays.stream(parts[0].split(":", -1)).mapToLong(Notation::hex).toArray();
    Generations84 set = new Generations84(uuids[0], uuids[1], uuids[2], uuids[3]);
    return side(set, parts.length > 1 ? parts[1] : "", false);
  }

  private static <U> SyncSide<U> side(U uuids, String words, boolean stable) {
    List<String> all = Arrays.stream(words.split(",", -1)).map(String::strip).toList();
    Set<UuidFlag> flags = EnumSet.noneOf(UuidFlag.class);
    if (stable && !all.contains("unstable")) {
      flags.add(UuidFlag.STABLE);
    }
    long bits = 0;
    DiskState disk = DiskState.UP_TO_DATE;
    for (String word : all) {
      switch (word) {
        case "crashed" -> flags.add(UuidFlag.CRASHED_PRIMARY);
        case "reconnect" -> flags.add(UuidFlag.RECONNECT);
        case "discard" -> flags.add(UuidFlag.DISCARD_MY_DATA);
        case "lost-quorum" -> flags.add(UuidFlag.PRIMARY_LOST_QUORUM);
        case "sync-target" -> flags.add(UuidFlag.SYNC_TARGET);
        case "Inconsistent" -> disk = DiskState.INCONSISTENT;
        case "Outdated" -> disk = DiskState.OUTDATED;
        case "Consistent" -> disk = DiskState.CONSISTENT;
        case "Diskless" -> disk = DiskState.DISKLESS;
        case "", "Pri", "unstable", "no-quorum" -> {}
        default -> bits = Long.parseLong(word.substring("bits=".length()));
      }
    }
    Role role = all.contains("Pri") ? Role.PRIMARY : Role.SECONDARY;
    return new SyncSide<>(uuids, bits, flags, role, disk, !all.contains("no-quorum"));
  }

  private static long hex(String text) {
    return Long.parseUnsignedLong(text, 16);
  }

  /** What a situation says of options, such as {@code split brain, 1pri discard-secondary}. */
  static SyncTerms terms(String situation, int protocolVersion, boolean acceptedControl) {
    SyncPolicies policies =
        new SyncPolicies(
            policy(situation, "0pri"),
            policy(situation, "1pri"),
            policy(situation, "2pri"),
            policy(situation, "rr-conflict"),
            situation.contains("always-asbp"));
    Optional<SyncTerms.LostPeer> lost =
        number(situation, "dagtags (\\d+)/\\d+").isEmpty()
            ? Optional.empty()
            : Optional.of(
                new SyncTerms.LostPeer(
                    number(situation, "dagtags (\\d+)/\\d+").get(),
                    number(situation, "dagtags \\d+/(\\d+)").get()));
    return new SyncTerms(
        occasion(situation),
        number(situation, "pv (\\d+)").map(Long::intValue).orElse(protocolVersion),
        situation.contains("protocol A") || situation.contains("protocol B"),
        acceptedControl,
        !situation.contains("WSAME not agreed"),
        policies,
        situation.contains("quorum on"),
        situation.contains("can be demoted"),
        situation.contains("facts changed"),
        situation.contains("peer's slot only") ? 0b10L : -1L,
        lost,
        situation.contains("dry run"));
  }

  private static SyncOccasion occasion(String situation) {
    if (situation.contains("I attach")) {
      return SyncOccasion.OWN_ATTACH;
    }
    if (situation.contains("peer attaches")) {
      return SyncOccasion.PEER_ATTACH;
    }
    return situation.contains("connected") ? SyncOccasion.CONSIDER_RESYNC : SyncOccasion.CONNECT;
  }

  private static Optional<Long> number(String situation, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(situation);
    return matcher.find() ? Optional.of(Long.valueOf(matcher.group(1))) : Optional.empty();
  }

  private static SplitBrainPolicy policy(String situation, String option) {
    Matcher matcher = Pattern.compile(option + " ([a-z0-9-]+)").matcher(situation);
    if (!matcher.find() || matcher.group(1).equals("disconnect")) {
      return SplitBrainPolicy.DISCONNECT;
    }
    String word = matcher.group(1);
    return Arrays.stream(SplitBrainPolicy.values())
        .filter(policy -> policy.word().startsWith(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(situation));
  }

  /** A strategy under the short name that the specification gives it, with its node. */
  static String shortName(Strategy strategy, int node) {
    String name =
        switch (strategy) {
          case NO_SYNC -> "NO_SYNC";
          case UNRELATED_DATA -> "UNREL";
          default ->
              strategy
                  .name()
                  .replace("SOURCE_", "S_")
                  .replace("TARGET_", "T_")
                  .replace("SPLIT_BRAIN_", "SB_")
                  .replace("_BITMAP", "");
        };
    return node < 0 ? name : name + "(" + node + ")";
  }

  /** A decision as the specification writes it, without the rule. */
  static String outcome(SyncOutcome outcome) {
    return switch (outcome) {
      case SyncOutcome.Replicate(var state) ->
          switch (state) {
            case ESTABLISHED -> "Est";
            default -> state.word();
          };
      case SyncOutcome.Disconnect() -> "disconnect";
      case SyncOutcome.Retry() -> "retry";
      case SyncOutcome.NoResult() -> "no result";
    };
  }
}
