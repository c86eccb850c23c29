package io.jdrbd.state.cluster;

import io.jdrbd.state.DiskState;
import io.jdrbd.state.Role;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * All states of a resource at one moment, and the facts that the rules need (spec 4.1).
 *
 * @param role of this node
 * @param suspension why I/O is suspended
 * @param failsIo all I/O fails after a forced demotion, until nobody has a volume open
 * @param members bit n is set: node n is believed to be in this part of the cluster
 * @param settings options
 * @param volumes by number
 * @param connections by node id of the peer
 */
public record ResourceSnapshot(
    Role role,
    Suspension suspension,
    boolean failsIo,
    long members,
    ResourceSettings settings,
    SortedMap<Integer, VolumeSnapshot> volumes,
    SortedMap<Integer, ConnectionSnapshot> connections) {

  /** Copies volumes and connections. */
  public ResourceSnapshot {
    volumes = Collections.unmodifiableSortedMap(new TreeMap<>(volumes));
    connections = Collections.unmodifiableSortedMap(new TreeMap<>(connections));
  }

  /** A new resource: Secondary, without volumes and connections. */
  public static ResourceSnapshot of(ResourceSettings settings) {
    return new ResourceSnapshot(
        Role.SECONDARY,
        Suspension.NONE,
        false,
        1L << settings.nodeId(),
        settings,
        Collections.emptySortedMap(),
        Collections.emptySortedMap());
  }

  /**
   * A volume.
   *
   * @throws IllegalArgumentException if there is no such volume
   */
  public VolumeSnapshot volume(int number) {
    VolumeSnapshot volume = volumes.get(number);
    if (volume == null) {
      throw new IllegalArgumentException("no volume %d".formatted(number));
    }
    return volume;
  }

  /**
   * The connection to a peer.
   *
   * @throws IllegalArgumentException if there is none
   */
  public ConnectionSnapshot connection(int peer) {
    ConnectionSnapshot connection = connections.get(peer);
    if (connection == null) {
      throw new IllegalArgumentException("no connection to node %d".formatted(peer));
    }
    return connection;
  }

  /** A volume on the connection to a peer. */
  public PeerDeviceSnapshot device(int peer, int volume) {
    return connection(peer).device(volume);
  }

  /** The same with another state of this volume, or with one volume more. */
  public ResourceSnapshot withVolume(VolumeSnapshot wanted) {
    SortedMap<Integer, VolumeSnapshot> changed = new TreeMap<>(volumes);
    changed.put(wanted.number(), wanted);
    return withVolumes(changed);
  }

  /** The same with another state of this connection, or with one connection more. */
  public ResourceSnapshot withConnection(ConnectionSnapshot wanted) {
    SortedMap<Integer, ConnectionSnapshot> changed = new TreeMap<>(connections);
    changed.put(wanted.peer(), wanted);
    return withConnections(changed);
  }

  /** The same with a volume that was just created: nothing is known of it at the peers. */
  public ResourceSnapshot withNewVolume(VolumeSnapshot created) {
    SortedMap<Integer, ConnectionSnapshot> with = new TreeMap<>(connections);
    with.replaceAll(
        (peer, connection) -> connection.withDevice(PeerDeviceSnapshot.unknown(created.number())));
    return withVolume(created).withConnections(with);
  }

  /** The same with a connection that was just created: nothing is known of its volumes. */
  public ResourceSnapshot withNewConnection(ConnectionSnapshot created) {
    ConnectionSnapshot with = created;
    for (int volume : volumes.keySet()) {
      with = with.withDevice(PeerDeviceSnapshot.unknown(volume));
    }
    return withConnection(with);
  }

  /** The same without one of its connections. */
  public ResourceSnapshot withoutConnection(int peer) {
    SortedMap<Integer, ConnectionSnapshot> left = new TreeMap<>(connections);
    left.remove(peer);
    return withConnections(left);
  }

  /** The same without a volume, and without what peers have of it. */
  public ResourceSnapshot withoutVolume(int number) {
    SortedMap<Integer, VolumeSnapshot> left = new TreeMap<>(volumes);
    left.remove(number);
    SortedMap<Integer, ConnectionSnapshot> without = new TreeMap<>(connections);
    without.replaceAll((peer, connection) -> connection.withoutDevice(number));
    return withVolumes(left).withConnections(without);
  }

  /** The same with one of its volumes changed. */
  public ResourceSnapshot changeVolume(int number, UnaryOperator<VolumeSnapshot> change) {
    return withVolume(change.apply(volume(number)));
  }

  /** The same with one of its connections changed. */
  public ResourceSnapshot changeConnection(int peer, UnaryOperator<ConnectionSnapshot> change) {
    return withConnection(change.apply(connection(peer)));
  }

  /** The same with one volume on one connection changed. */
  public ResourceSnapshot changeDevice(
      int peer, int volume, UnaryOperator<PeerDeviceSnapshot> change) {
    return changeConnection(peer, connection -> connection.changeDevice(volume, change));
  }

  /** Whether I/O is suspended until a peer is fenced. */
  public boolean isSuspendedByFencing() {
    return connections.values().stream().anyMatch(ConnectionSnapshot::suspendedByFencing);
  }

  /** Whether I/O is suspended for any reason. */
  public boolean isSuspended() {
    return suspension.any() || isSuspendedByFencing();
  }

  /** Whether UpToDate data of a volume can be reached, here or at a peer (spec 4.3). */
  public boolean hasAccessToData(int volume) {
    return volume(volume).disk() == DiskState.UP_TO_DATE
        || connections.values().stream()
            .filter(connection -> connection.facts().remoteRead())
            .flatMap(connection -> connection.devices().values().stream())
            .anyMatch(device -> device.volume() == volume && device.disk() == DiskState.UP_TO_DATE);
  }

  /** The state of the own disk; of one that is being compared, what its metadata says. */
  public DiskState ownDisk(int volume) {
    DiskState disk = volume(volume).disk();
    return disk == DiskState.NEGOTIATING ? MetadataVerdict.disk(this, volume) : disk;
  }

  /** Whether this node is Primary. */
  boolean isPrimary() {
    return role == Role.PRIMARY;
  }

  /** The volume on each of the connections that have it. */
  Stream<PeerDeviceSnapshot> devicesOf(int volume) {
    return connections.values().stream()
        .flatMap(connection -> connection.devices().values().stream())
        .filter(device -> device.volume() == volume);
  }

  /** The connections that stand. */
  Stream<ConnectionSnapshot> connected() {
    return connections.values().stream().filter(ConnectionSnapshot::isConnected);
  }

  /** Whether a connected peer is Primary. */
  boolean seesPrimary() {
    return connections.values().stream()
        .anyMatch(connection -> connection.peerRole() == Role.PRIMARY);
  }

  /** Stable: Primary, or no connected peer is (spec 4.6). */
  boolean isStable() {
    return isPrimary() || connected().noneMatch(c -> c.peerRole() == Role.PRIMARY);
  }

  /** The same but for {@link #role}. */
  public ResourceSnapshot withRole(Role wanted) {
    return new ResourceSnapshot(
        wanted, suspension, failsIo, members, settings, volumes, connections);
  }

  /** The same but for {@link #suspension}. */
  public ResourceSnapshot withSuspension(Suspension wanted) {
    return new ResourceSnapshot(role, wanted, failsIo, members, settings, volumes, connections);
  }

  /** The same but for {@link #failsIo}. */
  public ResourceSnapshot withFailsIo(boolean wanted) {
    return new ResourceSnapshot(role, suspension, wanted, members, settings, volumes, connections);
  }

  /** The same but for {@link #members}. */
  public ResourceSnapshot withMembers(long wanted) {
    return new ResourceSnapshot(role, suspension, failsIo, wanted, settings, volumes, connections);
  }

  /** The same but for {@link #settings}. */
  public ResourceSnapshot withSettings(ResourceSettings wanted) {
    return new ResourceSnapshot(role, suspension, failsIo, members, wanted, volumes, connections);
  }

  /** The same but for {@link #volumes}. */
  public ResourceSnapshot withVolumes(SortedMap<Integer, VolumeSnapshot> wanted) {
    return new ResourceSnapshot(role, suspension, failsIo, members, settings, wanted, connections);
  }

  /** The same but for {@link #connections}. */
  public ResourceSnapshot withConnections(SortedMap<Integer, ConnectionSnapshot> wanted) {
    return new ResourceSnapshot(role, suspension, failsIo, members, settings, volumes, wanted);
  }
}
