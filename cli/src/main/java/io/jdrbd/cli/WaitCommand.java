package io.jdrbd.cli;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/** {@code wait-connect-...} and {@code wait-sync-...} (spec 7, section 8.3). */
final class WaitCommand implements Command {
  private static final String WITHOUT_LIMIT = "0";

  private final WaitGoal goal;
  private final WaitScope scope;

  WaitCommand(WaitGoal goal, WaitScope scope) {
    this.goal = goal;
    this.scope = scope;
  }

  static String name(WaitGoal goal, WaitScope scope) {
    return goal.word() + "-" + scope.word();
  }

  @Override
  public Syntax spec() {
    Syntax syntax = Parameters.command(name(goal, scope), goal.description());
    scope.positionals().forEach(syntax::addPositional);
    return syntax
        .addOption(
            Parameters.value("--wfc-timeout", "SECONDS", "At most; 0 (default) for any time."))
        .addOption(
            Parameters.value(
                "--degr-wfc-timeout", "SECONDS", "Accepted; --wfc-timeout counts alone."))
        .addOption(
            Parameters.value(
                "--outdated-wfc-timeout", "SECONDS", "Accepted; --wfc-timeout counts alone."))
        .addOption(
            Parameters.flag(
                "--wait-after-sb",
                "Go on although a connection is StandAlone, after split brain."));
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    WaitTarget target =
        new WaitTarget(
            goal,
            arguments.positional(0, ""),
            scope == WaitScope.RESOURCE
                ? OptionalInt.empty()
                : OptionalInt.of(PeerArguments.peerNodeId(arguments)),
            scope == WaitScope.VOLUME
                ? OptionalInt.of(PeerArguments.volume(arguments))
                : OptionalInt.empty());
    long seconds = Numbers.parse("--wfc-timeout", arguments.value("--wfc-timeout", WITHOUT_LIMIT));
    Waiting waiting =
        new Waiting(
            target,
            seconds,
            arguments.isSet("--wait-after-sb"),
            still -> show(still, surroundings));
    return switch (waiting.run(surroundings)) {
      case Waiting.End.Reached reached -> ExitCode.OK;
      case Waiting.End.Ended ended -> ExitCode.OK;
      case Waiting.End.TimedOut timedOut -> ExitCode.TIMED_OUT;
    };
  }

  /** People who look at a terminal see how far it is; programs see nothing. */
  static void show(List<String> still, Surroundings surroundings) {
    if (surroundings.terminalColumns().isPresent()) {
      still.forEach(surroundings.err()::println);
    }
  }
}
