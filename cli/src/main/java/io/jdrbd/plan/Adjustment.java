package io.jdrbd.plan;

import io.jdrbd.conf.Setting;
import io.jdrbd.conf.ShownResource;
import io.jdrbd.conf.ShownResource.ShownConnection;
import io.jdrbd.conf.ShownResource.ShownOptions;
import io.jdrbd.conf.ShownResource.ShownPeerDevice;
import io.jdrbd.conf.ShownResource.ShownVolume;
import io.jdrbd.conf.VolumeConf;
import io.jdrbd.conf.node.NodeConfiguration;
import io.jdrbd.conf.node.NodeConnection;
import io.jdrbd.conf.node.NodeVolume;
import io.jdrbd.resource.DiskOption;
import io.jdrbd.resource.NamedOption;
import io.jdrbd.resource.PeerDeviceOption;
import io.jdrbd.resource.ResourceOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Makes what is running as it is configured (spec 7, section 6.5): compares both and names the
 * calls that are missing. Pure.
 */
public final class Adjustment {
  private static final String SET_DEFAULTS = "--set-defaults";

  private final Calls calls;
  private final Selection selection;
  private final Wish wish;
  private final List<Task> tasks = new ArrayList<>();

  /**
   * What is to be adjusted.
   *
   * @param connect options for connections that are to be connected
   */
  public record Wish(boolean disks, boolean net, List<String> connect) {
    /** All of it. */
    public static final Wish ALL = new Wish(true, true, List.of());

    public Wish {
      connect = List.copyOf(connect);
    }
  }

  private Adjustment(NodeConfiguration configuration, Selection selection, Wish wish) {
    this.calls = new Calls(configuration, selection.resource());
    this.selection = selection;
    this.wish = wish;
  }

  /**
   * What has to be done.
   *
   * @param running the resource as it is; empty if it is not there
   * @throws PlanException the configuration does not allow it
   */
  public static List<Task> of(
      NodeConfiguration configuration,
      Selection selection,
      Wish wish,
      Optional<ShownResource> running)
      throws PlanException {
    Adjustment adjustment = new Adjustment(configuration, selection, wish);
    if (running.isEmpty()) {
      adjustment.begin();
    } else {
      adjustment.compare(running.get());
    }
    return List.copyOf(adjustment.tasks);
  }

  /** As up does, but options of peer devices by volume, with everything else at its default. */
  private void begin() throws PlanException {
    tasks.add(UpPlan.newResource(calls));
    for (NodeVolume volume : selection.volumes()) {
      tasks.add(UpPlan.newMinor(calls, volume));
      if (wish.net()) {
        for (NodeConnection connection : selection.connections()) {
          UpPlan.peerDevice(calls, connection, volume.number(), true, tasks);
        }
      }
      attach(volume);
    }
    if (wish.net()) {
      for (NodeConnection connection : selection.connections()) {
        tasks.addAll(UpPlan.connection(calls, connection, wish.connect()));
      }
    }
  }

  private void attach(NodeVolume volume) throws PlanException {
    if (wish.disks() && volume.diskPath().isPresent()) {
      tasks.add(UpPlan.attach(calls, volume));
    }
  }

  private void compare(ShownResource running) throws PlanException {
    if (differ(calls.resourceSettings(), running.options(), ResourceOption.values())) {
      add(
          "resource-options",
          Stage.RESOURCE_OPTIONS,
          Step.setup("resource-options", calls.name(), SET_DEFAULTS)
              .with(known(calls.resourceSettings(), running.options())));
    }
    for (ShownVolume volume : running.volumes()) {
      boolean wanted =
          selection.resource().here().volume(volume.number()).stream()
              .anyMatch(configured -> configured.minor() == volume.minor());
      if (!wanted && selection.volume().isEmpty()) {
        remove(volume);
      }
    }
    for (NodeVolume volume : selection.volumes()) {
      volume(volume, running);
    }
    if (wish.net()) {
      connections(running);
    }
  }

  private void connections(ShownResource running) {
    if (selection.connection().isEmpty()) {
      for (ShownConnection connection : running.connections()) {
        boolean wanted =
            selection.connections().stream()
                .anyMatch(configured -> calls.peer(configured).id() == connection.peerNodeId());
        if (!wanted) {
          add(
              "del-peer",
              Stage.DEL_PEER,
              Step.setup("del-peer", calls.name(), connection.peerNodeId()));
        }
      }
    }
    for (NodeConnection connection : selection.connections()) {
      connection(connection, running);
    }
  }

  private void connection(NodeConnection connection, ShownResource running) {
    Optional<ShownConnection> there = running.connection(calls.peer(connection).id());
    if (there.isPresent()) {
      new ConnectionAdjustment(calls, wish, tasks).compare(connection, there.get());
    } else {
      tasks.addAll(UpPlan.connection(calls, connection, wish.connect()));
    }
    boolean made = tasks.stream().anyMatch(task -> isNewPeer(task, connection));
    for (NodeVolume volume : selection.volumes()) {
      peerDevice(connection, volume, running, made ? Optional.empty() : there);
    }
  }

  private boolean isNewPeer(Task task, NodeConnection connection) {
    return task.stage() == Stage.NEW_PEER && task.steps().contains(calls.newPeer(connection));
  }

  private void peerDevice(
      NodeConnection connection,
      NodeVolume volume,
      ShownResource running,
      Optional<ShownConnection> there) {
    boolean volumeThere =
        running.volume(volume.number()).stream().anyMatch(shown -> shown.minor() == volume.minor());
    if (there.isEmpty() || !volumeThere) {
      UpPlan.peerDevice(calls, connection, volume.number(), true, tasks);
      return;
    }
    ShownOptions shown =
        there.get().volumes().stream()
            .filter(device -> device.volume() == volume.number())
            .map(ShownPeerDevice::options)
            .findFirst()
            .orElse(ShownOptions.NONE);
    List<Setting> settings = calls.peerDeviceSettings(connection, volume.number());
    if (differ(settings, shown, PeerDeviceOption.values())) {
      tasks.add(
          UpPlan.peerDeviceOptions(
              calls, connection, volume.number(), true, OptionComparison.known(settings, shown)));
    }
  }

  private void remove(ShownVolume volume) {
    if (volume.disk().isPresent()) {
      detach(volume);
    }
    add("del-minor", Stage.DEL_MINOR, Step.setup("del-minor", volume.minor()));
  }

  private void detach(ShownVolume volume) {
    add("detach", Stage.DEL_MINOR, Step.setup("detach", "--diskless", volume.minor()));
  }

  private void volume(NodeVolume volume, ShownResource running) throws PlanException {
    Optional<ShownVolume> there =
        running.volume(volume.number()).filter(shown -> shown.minor() == volume.minor());
    if (there.isEmpty()) {
      tasks.add(UpPlan.newMinor(calls, volume));
      attach(volume);
    } else if (wish.disks()) {
      disk(volume, there.get());
    }
  }

  private void disk(NodeVolume volume, ShownVolume shown) throws PlanException {
    if (shown.disk().isEmpty()) {
      attach(volume);
    } else if (volume.diskPath().isEmpty()) {
      detach(shown);
    } else if (!isSameDisk(volume, shown)) {
      detach(shown);
      attach(volume);
    } else {
      diskOptions(volume, shown);
    }
  }

  private static boolean isSameDisk(NodeVolume volume, ShownVolume shown) {
    VolumeConf.MetaDisk wanted = volume.metaDisk().orElseThrow();
    boolean sameMetaDisk =
        shown
            .metaDisk()
            .filter(
                meta ->
                    meta.isInternal() == wanted.isInternal()
                        && (meta.isInternal() || isSame(wanted.device(), meta.device())))
            .isPresent();
    return sameMetaDisk && isSame(volume.diskPath().orElseThrow(), shown.disk().orElseThrow());
  }

  /** The daemon has taken the name from the root on. */
  private static boolean isSame(String configured, String running) {
    return Path.of(configured).toAbsolutePath().normalize().toString().equals(running);
  }

  private void diskOptions(NodeVolume volume, ShownVolume shown) {
    List<Setting> settings = calls.diskSettings(volume);
    NamedOption[] others =
        Arrays.stream(DiskOption.values())
            .filter(option -> option != DiskOption.SIZE)
            .toArray(NamedOption[]::new);
    if (differ(settings, shown.options(), others)) {
      List<Setting> changeable =
          settings.stream().filter(setting -> !VolumeVerbs.isSize(setting)).toList();
      add(
          "disk-options",
          Stage.DISK,
          Step.setup("disk-options", volume.minor(), SET_DEFAULTS)
              .with(known(changeable, shown.options())));
    }
    if (differ(settings, shown.options(), DiskOption.SIZE)) {
      tasks.add(
          VolumeVerbs.resize(
              calls,
              volume,
              Calls.options(settings.stream().filter(VolumeVerbs::isSize).toList())));
    }
  }

  private void add(String command, Stage stage, Step step) {
    tasks.add(Task.chain(calls.name(), command, stage, step));
  }

  private static boolean differ(
      List<Setting> configured, ShownOptions running, NamedOption... options) {
    return OptionComparison.differ(configured, running, options);
  }

  private static List<String> known(List<Setting> settings, ShownOptions running) {
    return Calls.options(OptionComparison.known(settings, running));
  }
}
