package io.jdrbd.plan;

import io.jdrbd.conf.Setting;
import io.jdrbd.conf.ShownResource.ShownConnection;
import io.jdrbd.conf.ShownResource.ShownPath;
import io.jdrbd.conf.node.NodeConnection;
import io.jdrbd.conf.node.NodePath;
import io.jdrbd.resource.NamedOption;
import io.jdrbd.resource.NetOption;
import java.util.Arrays;
import java.util.List;

/** Makes a connection that is there as it is configured (spec 7, section 6.5). */
final class ConnectionAdjustment {
  private static final String STANDALONE = "StandAlone";

  /** What only a new connection can have. */
  private static final NamedOption[] FIXED = {NetOption.TRANSPORT, NetOption.LOAD_BALANCE_PATHS};

  private final Calls calls;
  private final Adjustment.Wish wish;
  private final List<Task> tasks;

  /**
   * @param tasks where to put what has to be done
   */
  ConnectionAdjustment(Calls calls, Adjustment.Wish wish, List<Task> tasks) {
    this.calls = calls;
    this.wish = wish;
    this.tasks = tasks;
  }

  void compare(NodeConnection connection, ShownConnection running) {
    List<Setting> settings = calls.netSettings(connection, true);
    if (OptionComparison.differ(settings, running.net(), FIXED)) {
      add("del-peer", Stage.DEL_PEER, calls.ofPeer("del-peer", connection));
      tasks.addAll(UpPlan.connection(calls, connection, wish.connect()));
      return;
    }
    NamedOption[] others =
        Arrays.stream(NetOption.values())
            .filter(option -> !Arrays.asList(FIXED).contains(option))
            .toArray(NamedOption[]::new);
    if (OptionComparison.differ(settings, running.net(), others)) {
      add(
          "net-options",
          Stage.NET_OPTIONS,
          calls
              .ofPeer("net-options", connection)
              .with(List.of("--set-defaults"))
              .with(
                  Calls.options(
                      OptionComparison.known(
                          calls.netSettings(connection, false), running.net()))));
    }
    boolean standAlone = running.state().equals(STANDALONE);
    boolean cut = paths(connection, running) && !standAlone;
    if (cut) {
      add("disconnect", Stage.DISCONNECT, calls.ofPeer("disconnect", connection));
    }
    if (cut || standAlone) {
      tasks.add(UpPlan.connect(calls, connection, wish.connect()));
    }
  }

  /** Whether none of the paths that are there stays. */
  private boolean paths(NodeConnection connection, ShownConnection running) {
    List<ShownPath> surplus =
        running.paths().stream()
            .filter(
                path ->
                    connection.paths().stream().noneMatch(configured -> isSame(configured, path)))
            .toList();
    for (ShownPath path : surplus) {
      add(
          "del-path",
          Stage.DEL_PEER,
          calls
              .ofPeer("del-path", connection)
              .with(List.of(path.local().argument(), path.remote().argument())));
    }
    for (NodePath path : connection.paths()) {
      if (running.paths().stream().noneMatch(shown -> isSame(path, shown))) {
        tasks.add(UpPlan.newPath(calls, connection, path));
      }
    }
    return !surplus.isEmpty() && surplus.size() == running.paths().size();
  }

  private boolean isSame(NodePath configured, ShownPath running) {
    return calls.local(configured).argument().equals(running.local().argument())
        && calls.remote(configured).argument().equals(running.remote().argument());
  }

  private void add(String command, Stage stage, Step step) {
    tasks.add(Task.chain(calls.name(), command, stage, step));
  }
}
