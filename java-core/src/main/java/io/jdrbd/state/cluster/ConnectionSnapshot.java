package io.jdrbd.state.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A connection to a peer (spec 4.1).
 *
 * @param peer the node id of the peer
 * @param state how far it has come
 * @param peerRole the role of the peer
 * @param suspendedByFencing I/O is suspended until this peer is fenced
 * @param facts what else is known
 * @param devices by volume number
 */
public record ConnectionSnapshot(
    int peer,
    ConnectionState state,
    Role peerRole,
    boolean suspendedByFencing,
    ConnectionFacts facts,
    SortedMap<Integer, PeerDeviceSnapshot> devices) {

  /** Copies the devices. */
  public ConnectionSnapshot {
    devices = Collections.unmodifiableSortedMap(new TreeMap<>(devices));
  }

  /** A connection that was never up, without volumes. */
  public static ConnectionSnapshot standAlone(int peer) {
    return new ConnectionSnapshot(
        peer,
        ConnectionState.STANDALONE,
        Role.UNKNOWN,
        false,
        ConnectionFacts.DEFAULT,
        Collections.emptySortedMap());
  }

  /** Whether it stands. */
  public boolean isConnected() {
    return state == ConnectionState.CONNECTED;
  }

  /**
   * The volume on this connection.
   *
   * @throws IllegalArgumentException if there is no such volume
   */
  public PeerDeviceSnapshot device(int volume) {
    PeerDeviceSnapshot device = devices.get(volume);
    if (device == null) {
      throw new IllegalArgumentException(
          "no volume %d on the connection to node %d".formatted(volume, peer));
    }
    return device;
  }

  /** The same with another state of this volume, or with one volume more. */
  public ConnectionSnapshot withDevice(PeerDeviceSnapshot wanted) {
    SortedMap<Integer, PeerDeviceSnapshot> changed = new TreeMap<>(devices);
    changed.put(wanted.volume(), wanted);
    return withDevices(changed);
  }

  /** The same without a volume. */
  ConnectionSnapshot withoutDevice(int volume) {
    SortedMap<Integer, PeerDeviceSnapshot> left = new TreeMap<>(devices);
    left.remove(volume);
    return withDevices(left);
  }

  /** The same with one of its volumes changed. */
  public ConnectionSnapshot changeDevice(int volume, UnaryOperator<PeerDeviceSnapshot> change) {
    return withDevice(change.apply(device(volume)));
  }

  /** The same with all of its volumes changed. */
  public ConnectionSnapshot changeDevices(UnaryOperator<PeerDeviceSnapshot> change) {
    SortedMap<Integer, PeerDeviceSnapshot> changed = new TreeMap<>(devices);
    changed.replaceAll((volume, device) -> change.apply(device));
    return withDevices(changed);
  }

  /** Whether the states were exchanged and nothing has come of it yet: not the time for others. */
  boolean isInHandshake() {
    return facts.handshake()
        && devices.values().stream()
            .anyMatch(device -> device.replication() == ReplicationState.OFF);
  }

  /** The same but for {@link #peer}. */
  public ConnectionSnapshot withPeer(int wanted) {
    return new ConnectionSnapshot(wanted, state, peerRole, suspendedByFencing, facts, devices);
  }

  /** The same but for {@link #state}. */
  public ConnectionSnapshot withState(ConnectionState wanted) {
    return new ConnectionSnapshot(peer, wanted, peerRole, suspendedByFencing, facts, devices);
  }

  /** The same but for {@link #peerRole}. */
  public ConnectionSnapshot withPeerRole(Role wanted) {
    return new ConnectionSnapshot(peer, state, wanted, suspendedByFencing, facts, devices);
  }

  /** The same but for {@link #suspendedByFencing}. */
  public ConnectionSnapshot withSuspendedByFencing(boolean wanted) {
    return new ConnectionSnapshot(peer, state, peerRole, wanted, facts, devices);
  }

  /** The same but for {@link #facts}. */
  public ConnectionSnapshot withFacts(ConnectionFacts wanted) {
    return new ConnectionSnapshot(peer, state, peerRole, suspendedByFencing, wanted, devices);
  }

  /** The same but for {@link #devices}. */
  public ConnectionSnapshot withDevices(SortedMap<Integer, PeerDeviceSnapshot> wanted) {
    return new ConnectionSnapshot(peer, state, peerRole, suspendedByFencing, facts, wanted);
  }
}
