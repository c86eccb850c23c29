package io.jdrbd.cli;

import static io.jdrbd.cli.Parameters.value;

import io.jdrbd.control.Json;

/** The commands that make disks equal, compare them, or let that wait (spec 7, section 8.1). */
final class SyncCommands {
  private static final String YES = "yes";

  private SyncCommands() {}

  static Command pause() {
    return ofDevice("pause-sync", "Stop resynchronizing between a local and a peer device.");
  }

  static Command resume() {
    return ofDevice("resume-sync", "Allow resynchronization to resume on a replicated device.");
  }

  private static Command ofDevice(String name, String description) {
    return new AdminCommand(spec(name, description), SyncCommands::device);
  }

  static Command invalidateRemote() {
    return new AdminCommand(
        spec("invalidate-remote", "Replace a peer device's data with the local data.")
            .addOption(resetBitmap()),
        arguments -> device(arguments).with("keep-bitmap", keepsBitmap(arguments)));
  }

  static Command invalidate() {
    return new AdminCommand(
        Parameters.command("invalidate", "Replace the local data of a device with a peer's.")
            .addPositional(AdminCommands.minor())
            .addOption(
                value("--sync-from-peer-node-id", "NODE_ID", "From this peer, not from any."))
            .addOption(resetBitmap()),
        arguments -> {
          Json.Obj request =
              AdminCommands.minor(arguments).with("keep-bitmap", keepsBitmap(arguments));
          String peer = arguments.value("--sync-from-peer-node-id", "-1");
          return peer.equals("-1")
              ? request
              : request.with(
                  "peer-node-id", (long) Numbers.parse("--sync-from-peer-node-id", peer));
        });
  }

  private static Syntax.Option resetBitmap() {
    return value("--reset-bitmap", "yes|no", "no: copy only what is marked as out of sync.");
  }

  private static boolean keepsBitmap(Arguments arguments) {
    String value = arguments.value("--reset-bitmap", YES);
    if (!value.equals(YES) && !value.equals("no")) {
      throw new UsageException("--reset-bitmap '%s' is neither yes nor no".formatted(value));
    }
    return !value.equals(YES);
  }

  static Syntax spec(String name, String description) {
    return ConnectionCommands.ofConnection(name, description).addPositional(PeerArguments.volume());
  }

  static Json.Obj device(Arguments arguments) {
    return PeerArguments.connection(arguments).with("volume", PeerArguments.volume(arguments));
  }
}
