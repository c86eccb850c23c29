package io.jdrbd.resource;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A connection to one peer: how it is to be reached, with which options, and how far it is (spec
 * 1.1). It keeps its options and paths while StandAlone. Each change of its state is published,
 * unless it is one of several that {@link Resource#together} makes one. Used on the node's loop.
 */
public final class Connection {
  private final Resource resource;
  private final int peerNodeId;
  private final List<Path> paths = new ArrayList<>();
  private final TreeMap<Integer, PeerDevice> peerDevices = new TreeMap<>();
  private final List<Runnable> untilStandAlone = new ArrayList<>();
  private NetOptions options;
  private ConnectionState state = ConnectionState.STANDALONE;
  private Role peerRole = Role.UNKNOWN;
  private OptionalInt agreedProtocol = OptionalInt.empty();
  private boolean encrypted;
  private Supplier<ConnectionStatistics> counters = ConnectionStatistics::none;

  Connection(Resource resource, int peerNodeId, NetOptions options) {
    this.resource = resource;
    this.peerNodeId = peerNodeId;
    this.options = options;
    resource.volumes().forEach(this::addPeerDevice);
  }

  /** The resource that it belongs to. */
  public Resource resource() {
    return resource;
  }

  /** The peer's id in the resource, 0 to 31. */
  public int peerNodeId() {
    return peerNodeId;
  }

  /** What the peer is called. */
  public String name() {
    return options.name();
  }

  /** The options in force. */
  public NetOptions options() {
    return options;
  }

  /** How far it is. */
  public ConnectionState state() {
    return state;
  }

  /** The peer's role; Unknown while it is not connected. */
  public Role peerRole() {
    return peerRole;
  }

  /** The version of the protocol that both nodes speak; empty while not connected. */
  public OptionalInt agreedProtocol() {
    return agreedProtocol;
  }

  /** Its paths in the order in which they were made. */
  public List<Path> paths() {
    return Collections.unmodifiableList(paths);
  }

  /** Its peer devices by volume number. */
  public Collection<PeerDevice> peerDevices() {
    return Collections.unmodifiableCollection(peerDevices.values());
  }

  /** What is replicated of one volume. */
  public Optional<PeerDevice> peerDevice(int volume) {
    return Optional.ofNullable(peerDevices.get(volume));
  }

  /** It is in another state from now on. */
  public void setState(ConnectionState now) {
    state = now;
    resource.changed();
    if (now == ConnectionState.STANDALONE) {
      List<Runnable> waiting = List.copyOf(untilStandAlone);
      untilStandAlone.clear();
      waiting.forEach(Runnable::run);
    }
  }

  /** The peer has another role, or is not known any more. */
  public void setPeerRole(Role now) {
    peerRole = now;
    resource.changed();
  }

  /** Both nodes speak this version of the protocol; empty when they are not connected any more. */
  public void setAgreedProtocol(OptionalInt version) {
    agreedProtocol = version;
  }

  /** Its streams are encrypted, or are not. */
  public void setEncrypted(boolean now) {
    encrypted = now;
    resource.changed();
  }

  /** From where its counters come. Asked on the node's loop whenever somebody wants to see them. */
  public void countBy(Supplier<ConnectionStatistics> source) {
    counters = source;
  }

  /** Keeps in mind what was decided about it, and why. */
  public void remember(String question, Verdict verdict) {
    resource.decisions().note("connection " + name(), question, verdict);
  }

  /** Whether it is looking for the peer or connected with it. */
  boolean isUp() {
    return state.compareTo(ConnectionState.CONNECTING) >= 0;
  }

  void setOptions(NetOptions now) {
    options = now;
    resource.changed();
  }

  Optional<Path> path(Endpoint local, Endpoint peer) {
    return paths.stream().filter(path -> path.joins(local, peer)).findFirst();
  }

  void addPath(Endpoint local, Endpoint peer) {
    paths.add(new Path(this, local, peer));
    resource.changed();
  }

  void removePath(Path path) {
    paths.remove(path);
    resource.changed();
  }

  PeerDevice addPeerDevice(Volume volume) {
    PeerDevice device = new PeerDevice(this, volume);
    peerDevices.put(volume.number(), device);
    return device;
  }

  Optional<PeerDevice> removePeerDevice(Volume volume) {
    return Optional.ofNullable(peerDevices.remove(volume.number()));
  }

  /** Runs the action when it is StandAlone, once. */
  void whenStandAlone(Runnable action) {
    if (state == ConnectionState.STANDALONE) {
      action.run();
    } else {
      untilStandAlone.add(action);
    }
  }

  ConnectionView view() {
    return new ConnectionView(
        peerNodeId,
        options,
        state,
        peerRole,
        encrypted,
        paths.stream().map(Path::view).toList(),
        peerDevices.values().stream().map(PeerDevice::view).toList(),
        counters.get());
  }

  /** {@code r0 with bravo (node 1)}. */
  @Override
  public String toString() {
    return "%s with %s (node %d)".formatted(resource.name(), name(), peerNodeId);
  }
}
