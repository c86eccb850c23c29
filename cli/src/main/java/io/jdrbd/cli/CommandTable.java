package io.jdrbd.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** All commands by name; one is built only when it is asked for. */
final class CommandTable {
  private static final Map<String, Supplier<Command>> COMMANDS = commands();

  private CommandTable() {}

  private static Map<String, Supplier<Command>> commands() {
    Map<String, Supplier<Command>> table = new LinkedHashMap<>();
    table.put("daemon", DaemonCommand::new);
    table.put("new-resource", AdminCommands::newResource);
    table.put("resource-options", AdminCommands::resourceOptions);
    table.put("new-minor", AdminCommands::newMinor);
    table.put("new-peer", ConnectionCommands::newPeer);
    table.put("net-options", ConnectionCommands::netOptions);
    table.put("peer-device-options", ConnectionCommands::peerDeviceOptions);
    table.put("new-path", ConnectionCommands::newPath);
    table.put("del-path", ConnectionCommands::delPath);
    table.put("connect", ConnectCommand::new);
    table.put("disconnect", ConnectionCommands::disconnect);
    table.put("del-peer", ConnectionCommands::delPeer);
    table.put("forget-peer", ConnectionCommands::forgetPeer);
    table.put("attach", DiskCommands::attach);
    table.put("primary", AdminCommands::primary);
    table.put("secondary", AdminCommands::secondary);
    table.put("detach", DiskCommands::detach);
    table.put("disk-options", DiskCommands::diskOptions);
    table.put("resize", DiskCommands::resize);
    table.put("check-resize", DiskCommands::checkResize);
    table.put("outdate", DiskCommands::outdate);
    table.put("suspend-io", DiskCommands::suspendIo);
    table.put("resume-io", DiskCommands::resumeIo);
    table.put("invalidate", SyncCommands::invalidate);
    table.put("invalidate-remote", SyncCommands::invalidateRemote);
    table.put("verify", VerifyCommand::new);
    table.put("pause-sync", SyncCommands::pause);
    table.put("resume-sync", SyncCommands::resume);
    table.put("new-current-uuid", DiskCommands::newCurrentUuid);
    table.put("del-minor", AdminCommands::delMinor);
    table.put("del-resource", AdminCommands::delResource);
    table.put("down", AdminCommands::down);
    table.put("status", StatusCommand::new);
    table.put("role", QueryCommands::role);
    table.put("dstate", QueryCommands::dstate);
    table.put("cstate", QueryCommands::cstate);
    table.put("peer-role", QueryCommands::peerRole);
    table.put("get-gi", GenerationsCommand::line);
    table.put("show-gi", GenerationsCommand::drawing);
    table.put("udev", QueryCommands::udev);
    for (WaitGoal goal : WaitGoal.values()) {
      for (WaitScope scope : WaitScope.values()) {
        table.put(WaitCommand.name(goal, scope), () -> new WaitCommand(goal, scope));
      }
    }
    table.put("explain", ExplainCommand::new);
    table.put("show", ShowCommand::new);
    table.put("events2", Events2Command::new);
    table.put("export", ExportCommand::new);
    table.put("drbdmeta", MetadataCommand::new);
    for (String name : new TreeSet<>(AdmCommands.names())) {
      table.putIfAbsent(name, () -> new AdmCommand(name, ConfigurationFile.ofProcess()));
    }
    table.put("dump", () -> new DumpCommand(ConfigurationFile.ofProcess()));
    for (String name : AdmCommands.HELPERS) {
      table.put(name, () -> new HelperCommand(name, ConfigurationFile.ofProcess()));
    }
    table.put("completion", CompletionCommand::new);
    table.put("help", HelpCommand::new);
    table.put("--help", HelpCommand::asOption);
    table.put("-h", HelpCommand::asOption);
    table.put("--version", VersionCommand::new);
    return table;
  }

  static Optional<Command> find(String name) {
    return Optional.ofNullable(COMMANDS.get(name)).map(Supplier::get);
  }

  /** All names, in the order in which the overview lists them; those of options begin with -. */
  static Set<String> names() {
    return COMMANDS.keySet();
  }
}
