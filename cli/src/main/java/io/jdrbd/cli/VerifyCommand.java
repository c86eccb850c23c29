package io.jdrbd.cli;

import static io.jdrbd.cli.Parameters.value;

import io.jdrbd.control.ControlClient;
import io.jdrbd.control.Json;
import io.jdrbd.control.JsonText;
import io.jdrbd.control.VerifyViews;
import io.jdrbd.resource.SizeUnit;
import io.jdrbd.resync.VerifyReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code verify}: begins to compare a volume with the peer's (spec 7, section 8.1). Beyond what
 * drbdsetup does, it waits for the end if asked to, tells what differs, and has it made equal.
 */
final class VerifyCommand implements Command {
  private static final String WAIT = "--wait";
  private static final String JSON = "--json";
  private static final String REPAIR = "--repair";

  @Override
  public Syntax spec() {
    return SyncCommands.spec("verify", "Verify the data on a device against a peer device.")
        .addOption(
            value("--start", "SECTOR", "Begin here, not where the last one was interrupted."))
        .addOption(value("--stop", "SECTOR", "End here, not at the end of the device."))
        .addOption(
            Parameters.flag(
                WAIT, "Wait for the end and tell what differs; exit code 1 if anything does."))
        .addOption(Parameters.flag(JSON, "Wait, and tell what differs as JSON."))
        .addOption(
            Parameters.flag(
                REPAIR,
                "Wait, and resynchronize what differs: from the Primary, or else from this node."));
  }

  private static Json.Obj request(Arguments arguments) {
    Json.Obj request = SyncCommands.device(arguments);
    withSector(request, arguments, "start");
    withSector(request, arguments, "stop");
    return request;
  }

  private static void withSector(Json.Obj request, Arguments arguments, String option) {
    String text = arguments.value("--" + option, "");
    if (!text.isEmpty()) {
      long sector =
          SizeUnit.SECTOR
              .parse(text)
              .orElseThrow(
                  () -> new UsageException("--%s '%s' is not a sector".formatted(option, text)));
      request.with(option, sector);
    }
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    int begun = new AdminCommand(spec(), VerifyCommand::request).run(arguments, surroundings);
    boolean waits = List.of(WAIT, JSON, REPAIR).stream().anyMatch(arguments::isSet);
    if (begun != ExitCode.OK || !waits) {
      return begun;
    }
    if (!awaitEnd(arguments, surroundings)) {
      return ExitCode.NOT_EQUAL;
    }
    Optional<VerifyReport> report = report(arguments, surroundings);
    if (report.isEmpty()) {
      surroundings.err().printf("%s: another verify has begun%n", name(arguments));
      return ExitCode.NOT_EQUAL;
    }
    tell(report.get(), arguments, surroundings);
    if (arguments.isSet(REPAIR) && report.get().differentBlocks() > 0) {
      return repair(report.get(), arguments, surroundings);
    }
    boolean equal = report.get().complete() && report.get().differentBlocks() == 0;
    return equal ? ExitCode.OK : ExitCode.NOT_EQUAL;
  }

  /** False, with a sentence, if the connection ends before. */
  private static boolean awaitEnd(Arguments arguments, Surroundings surroundings)
      throws IOException {
    WaitTarget target =
        new WaitTarget(
            WaitGoal.SYNC,
            arguments.positional(0, ""),
            OptionalInt.of(PeerArguments.peerNodeId(arguments)),
            OptionalInt.of(PeerArguments.volume(arguments)));
    Waiting waiting = new Waiting(target, 0, false, still -> WaitCommand.show(still, surroundings));
    return switch (waiting.run(surroundings)) {
      case Waiting.End.Reached reached -> true;
      case Waiting.End.TimedOut timedOut -> false;
      case Waiting.End.Ended ended -> {
        surroundings
            .err()
            .printf(
                "%s: interrupted: the connection is %s%n",
                name(arguments), ended.connection().state().word());
        yield false;
      }
    };
  }

  private static Optional<VerifyReport> report(Arguments arguments, Surroundings surroundings)
      throws IOException {
    try (ControlClient daemon = surroundings.connect()) {
      return VerifyViews.report(
          Snapshot.data(daemon.call("verify-report", SyncCommands.device(arguments))));
    }
  }

  private static void tell(VerifyReport report, Arguments arguments, Surroundings surroundings) {
    if (arguments.isSet(JSON)) {
      Json.Obj shown = SyncCommands.device(arguments);
      VerifyViews.toJson(report).values().forEach(shown::with);
      surroundings.out().println(new String(JsonText.write(shown), StandardCharsets.UTF_8));
    } else {
      surroundings
          .out()
          .printf(
              "%s: verify %s: %s%n",
              name(arguments), report.complete() ? "done" : "interrupted", report);
    }
  }

  private static int repair(VerifyReport report, Arguments arguments, Surroundings surroundings)
      throws IOException {
    Repair repair =
        new Repair(
            arguments.positional(0, ""),
            PeerArguments.peerNodeId(arguments),
            PeerArguments.volume(arguments));
    int begun = repair.begin(surroundings);
    if (begun != ExitCode.OK) {
      return begun;
    }
    if (!awaitEnd(arguments, surroundings)) {
      return ExitCode.NOT_EQUAL;
    }
    surroundings
        .err()
        .printf("%s: %d blocks resynchronized%n", name(arguments), report.differentBlocks());
    return report.complete() ? ExitCode.OK : ExitCode.NOT_EQUAL;
  }

  private static String name(Arguments arguments) {
    return "%s/%s with node %s"
        .formatted(
            arguments.positional(0, ""), arguments.positional(2, ""), arguments.positional(1, ""));
  }
}
