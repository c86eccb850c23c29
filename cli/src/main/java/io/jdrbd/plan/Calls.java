package io.jdrbd.plan;

import io.jdrbd.conf.Address;
import io.jdrbd.conf.DiskPart;
import io.jdrbd.conf.Position;
import io.jdrbd.conf.SectionKind;
import io.jdrbd.conf.Setting;
import io.jdrbd.conf.VolumeConf;
import io.jdrbd.conf.node.NodeConfiguration;
import io.jdrbd.conf.node.NodeConnection;
import io.jdrbd.conf.node.NodeEnd;
import io.jdrbd.conf.node.NodeHost;
import io.jdrbd.conf.node.NodePath;
import io.jdrbd.conf.node.NodeResource;
import io.jdrbd.conf.node.NodeVolume;
import io.jdrbd.conf.node.PeerDevice;
import io.jdrbd.resource.DiskOption;
import io.jdrbd.resource.NetOption;
import io.jdrbd.resource.PeerDeviceOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The low-level calls about one resource, with their arguments (spec 7, section 6.3). */
final class Calls {
  private static final String NO = "no";
  private static final String FORMAT = "v09";

  private final NodeConfiguration configuration;
  private final NodeResource resource;

  Calls(NodeConfiguration configuration, NodeResource resource) {
    this.configuration = configuration;
    this.resource = resource;
  }

  String name() {
    return resource.name();
  }

  List<NodeVolume> volumes() {
    return here().volumes();
  }

  /** How drbdmeta is told of a peer. */
  String nodeIdOption(NodeConnection connection) {
    return "--node-id=" + peer(connection).id();
  }

  private NodeHost here() {
    return resource.here();
  }

  Step newResource() {
    return Step.setup("new-resource", name(), here().id()).with(options(resourceSettings()));
  }

  List<Setting> resourceSettings() {
    return resource.of(SectionKind.OPTIONS);
  }

  Step newMinor(NodeVolume volume) {
    Step plain = Step.setup("new-minor", name(), volume.minor(), volume.number());
    Step call = volume.diskPath().isEmpty() ? plain.with(List.of("--diskless")) : plain;
    return call.with(options(volume.settings(DiskPart.DEVICE)));
  }

  Step ofPeer(String command, NodeConnection connection) {
    return Step.setup(command, name(), peer(connection).id());
  }

  NodeHost peer(NodeConnection connection) {
    return connection.peerOf(here());
  }

  /** The options of a connection; first what the peer is called, unless that is configured. */
  List<Setting> netSettings(NodeConnection connection, boolean immutable) {
    List<Setting> all = new ArrayList<>();
    String name = NetOption.NAME.word();
    if (connection.net().stream().noneMatch(setting -> setting.name().equals(name))) {
      all.add(new Setting(name, peer(connection).displayName(), at()));
    }
    connection.net().stream()
        .filter(setting -> immutable || !isImmutable(setting))
        .forEach(all::add);
    return all;
  }

  private static boolean isImmutable(Setting setting) {
    return Arrays.stream(NetOption.values())
        .anyMatch(option -> option.word().equals(setting.name()) && option.spec().immutable());
  }

  Step newPeer(NodeConnection connection) {
    return ofPeer("new-peer", connection).with(options(netSettings(connection, true)));
  }

  Step ofPath(String command, NodeConnection connection, NodePath path) {
    return ofPeer(command, connection)
        .with(List.of(local(path).argument(), remote(path).argument()));
  }

  Address local(NodePath path) {
    return path.of(here()).address();
  }

  /** Where the peer is reached: behind a proxy of one's own, that one is asked. */
  Address remote(NodePath path) {
    NodeEnd peer = path.opposite(here());
    return path.of(here()).proxy().flatMap(proxy -> proxy.inside()).orElse(peer.seenByPeer());
  }

  Step ofPeerDevice(String command, NodeConnection connection, int volume) {
    return ofPeer(command, connection).with(List.of(Integer.toString(volume)));
  }

  /** The options of a peer device, and those that follow from what the peer has. */
  List<Setting> peerDeviceSettings(NodeConnection connection, int volume) {
    List<Setting> all =
        new ArrayList<>(connection.peerDevice(volume).map(PeerDevice::settings).orElse(List.of()));
    Optional<NodeVolume> far = peer(connection).volume(volume);
    boolean diskless = far.flatMap(NodeVolume::disk).filter(VolumeConf.Disk::isNone).isPresent();
    if (diskless) {
      addIfMissing(all, PeerDeviceOption.BITMAP);
    }
    if (far.flatMap(NodeVolume::tiebreaker).filter(tiebreaker -> !tiebreaker).isPresent()) {
      addIfMissing(all, PeerDeviceOption.PEER_TIEBREAKER);
    }
    return all;
  }

  private void addIfMissing(List<Setting> settings, PeerDeviceOption option) {
    if (settings.stream().noneMatch(setting -> setting.name().equals(option.word()))) {
      settings.add(new Setting(option.word(), NO, at()));
    }
  }

  private Position at() {
    return resource.written().at();
  }

  /**
   * A call of drbdmeta.
   *
   * @throws PlanException the volume has no disk
   */
  Step meta(NodeVolume volume, String command, Object... arguments) throws PlanException {
    requireDisk(volume, command);
    VolumeConf.MetaDisk meta = volume.metaDisk().orElseThrow();
    String device = meta.isInternal() ? volume.diskPath().orElseThrow() : meta.device();
    String place =
        meta.isInternal()
            ? "internal"
            : meta.index().isPresent()
                ? Integer.toString(meta.index().getAsInt())
                : "flex-external";
    Step call = Step.meta(volume.minor(), FORMAT, device, place);
    List<String> more = new ArrayList<>();
    for (Object argument : arguments) {
      more.add(argument.toString());
    }
    return call.with(more);
  }

  static void requireDisk(NodeVolume volume, String command) throws PlanException {
    if (volume.diskPath().isEmpty()) {
      throw new PlanException(
          10,
          "The %s command requires a local disk, but the configuration gives none."
              .formatted(command));
    }
  }

  Step attach(NodeVolume volume) throws PlanException {
    requireDisk(volume, "attach");
    String disk = volume.diskPath().orElseThrow();
    VolumeConf.MetaDisk meta = volume.metaDisk().orElseThrow();
    String place =
        meta.isInternal()
            ? "internal"
            : meta.index().isPresent() ? Integer.toString(meta.index().getAsInt()) : "flexible";
    return Step.setup(
            "attach", volume.minor(), disk, meta.isInternal() ? disk : meta.device(), place)
        .with(options(diskSettings(volume)));
  }

  /** The options of a disk, with the minor in place of the volume that a resync waits for. */
  List<Setting> diskSettings(NodeVolume volume) {
    List<Setting> all = new ArrayList<>();
    for (Setting setting : volume.settings(DiskPart.DISK)) {
      if (setting.name().equals(DiskOption.RESYNC_AFTER.word())) {
        configuration
            .minorOf(setting.value())
            .ifPresent(
                minor ->
                    all.add(new Setting(setting.name(), Integer.toString(minor), setting.at())));
      } else {
        all.add(setting);
      }
    }
    return all;
  }

  /** As arguments. */
  static List<String> options(List<Setting> settings) {
    return settings.stream().map(setting -> "--" + setting.name() + "=" + setting.value()).toList();
  }

  /** How many peers have a disk for any of their volumes; at least 1. */
  long peersWithDisk() {
    long peers =
        resource.ownConnections().stream()
            .map(this::peer)
            .filter(host -> host.volumes().stream().anyMatch(far -> far.diskPath().isPresent()))
            .count();
    return Math.max(1, peers);
  }
}
