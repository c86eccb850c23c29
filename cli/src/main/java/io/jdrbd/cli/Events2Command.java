package io.jdrbd.cli;

import io.jdrbd.control.ControlClient;
import io.jdrbd.control.Event;
import io.jdrbd.control.Json;
import io.jdrbd.control.Reply;
import io.jdrbd.control.Views;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** {@code events2}: the current state and all changes from then on. */
final class Events2Command implements Command {
  private static final String ASK_AGAIN = "n";

  @Override
  public Syntax spec() {
    return Parameters.command("events2", "Show the current state and all state changes.")
        .addPositional(Parameters.optionalArgument("RESOURCE|all", "Default: all."))
        .addOption(Parameters.flag("--timestamps", "Begin each line with the time."))
        .addOption(Parameters.flag("--statistics", "Show counters, too."))
        .addOption(Parameters.flag("--now", "Stop after the current state."))
        .addOption(
            Parameters.flag(
                "--poll",
                "For each line 'n' on standard input, ask for the state again and show what has"
                    + " changed; end with standard input."))
        .addOption(Parameters.flag("--full", "Show all keys with each change, and counters."));
  }

  @Override
  public int run(Arguments arguments, Surroundings surroundings) throws IOException {
    Events2Stream stream =
        new Events2Stream(
            new Events2Text(arguments.isSet("--statistics"), arguments.isSet("--full")),
            Snapshot.nameIn(arguments),
            arguments.isSet("--timestamps"),
            surroundings.out());
    boolean now = arguments.isSet("--now");
    try (ControlClient daemon = surroundings.connect()) {
      Snapshot.data(daemon.call("events", Json.Obj.empty()));
      if (arguments.isSet("--poll")) {
        Thread.ofPlatform().daemon().name("poll").start(() -> poll(daemon, surroundings));
      }
      return follow(daemon, stream, now, surroundings);
    }
  }

  private static int follow(
      ControlClient daemon, Events2Stream stream, boolean now, Surroundings surroundings)
      throws IOException {
    while (true) {
      Json.Obj message = daemon.receive();
      if (message.has("reply")) {
        Json.Obj data = Snapshot.data(Reply.fromJson(message));
        Views.resources(data).forEach(stream::changed);
        continue;
      }
      switch (Event.fromJson(message)) {
        case Event.Changed changed -> stream.changed(changed.resource());
        case Event.Gone gone -> stream.gone(gone.name());
        case Event.InitialStateDone done -> {
          stream.initialStateDone();
          if (now) {
            return ExitCode.OK;
          }
        }
        case Event.Overrun overrun -> {
          surroundings
              .err()
              .println("events2: events were lost because they were not read in time");
          return ExitCode.USAGE;
        }
      }
    }
  }

  private static void poll(ControlClient daemon, Surroundings surroundings) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(surroundings.in(), StandardCharsets.UTF_8))) {
      for (Optional<String> line = next(lines); line.isPresent(); line = next(lines)) {
        if (line.get().equals(ASK_AGAIN)) {
          daemon.send(Snapshot.COMMAND, Json.Obj.empty());
        }
      }
    } catch (IOException e) {
      surroundings.err().println("events2: " + e.getMessage());
    }
    surroundings.out().flush();
    Runtime.getRuntime().halt(ExitCode.OK);
  }

  private static Optional<String> next(BufferedReader lines) throws IOException {
    return Optional.ofNullable(lines.readLine());
  }
}
