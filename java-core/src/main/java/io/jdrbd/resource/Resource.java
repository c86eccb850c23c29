package io.jdrbd.resource;

import io.jdrbd.state.IoSuspension;
import io.jdrbd.state.ResourceFacts;
import io.jdrbd.state.Role;
import io.jdrbd.state.WriteOrdering;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One resource: what is promoted, demoted and replicated as a whole. Used on the node's loop. */
public final class Resource {
  private final String name;
  private final int nodeId;
  private final ResourceWatcher watcher;
  private final Decisions decisions;
  private final TreeMap<Integer, Volume> volumes = new TreeMap<>();
  private final LinkedHashMap<Integer, Connection> connections = new LinkedHashMap<>();
  private final EnumSet<IoSuspension> suspensions = EnumSet.noneOf(IoSuspension.class);
  private ResourceOptions options;
  private Role role = Role.SECONDARY;
  private boolean explicitlyPrimary;
  private boolean failingIo;
  private boolean together;
  private boolean heldAlone;
  private long dagtag;

  /**
   * @param watcher is told of every change
   */
  Resource(
      String name,
      int nodeId,
      ResourceOptions options,
      Decisions decisions,
      ResourceWatcher watcher) {
    this.name = name;
    this.nodeId = nodeId;
    this.options = options;
    this.decisions = decisions;
    this.watcher = watcher;
  }

  /** Its name in the cluster. */
  public String name() {
    return name;
  }

  /** This node's own id in the resource, 0 to 31. */
  public int nodeId() {
    return nodeId;
  }

  /** The options in force. */
  public ResourceOptions options() {
    return options;
  }

  /** The role in force. */
  public Role role() {
    return role;
  }

  /** Whether a command made it Primary: then the last writer's close does not demote. */
  public boolean explicitlyPrimary() {
    return explicitlyPrimary;
  }

  /** The position in the resource's stream of writes, in sectors. */
  public long dagtag() {
    return dagtag;
  }

  /** Moves the dagtag forward; never back. */
  public void raiseDagtag(long to) {
    dagtag = Math.max(dagtag, to);
  }

  /** Its volumes by number. */
  public Collection<Volume> volumes() {
    return Collections.unmodifiableCollection(volumes.values());
  }

  /** Its connections in the order in which they were made. */
  public Collection<Connection> connections() {
    return Collections.unmodifiableCollection(connections.values());
  }

  /** The connection to the peer with that node id. */
  public Optional<Connection> connection(int peerNodeId) {
    return Optional.ofNullable(connections.get(peerNodeId));
  }

  /** What was decided about it lately, and why. */
  public Decisions decisions() {
    return decisions;
  }

  /** Why its I/O waits; empty if it does not. */
  public Set<IoSuspension> suspensions() {
    return EnumSet.copyOf(suspensions);
  }

  /** Its I/O waits for this reason from now on, or no longer. */
  public void setSuspended(IoSuspension reason, boolean now) {
    if (now) {
      suspensions.add(reason);
    } else {
      suspensions.remove(reason);
    }
    changed();
  }

  /**
   * The resource has got peers: that its I/O waits is the driver's business from now on, which has
   * seen to it.
   */
  public void handOverSuspension() {
    if (heldAlone) {
      heldAlone = false;
      volumes.values().forEach(volume -> volume.front().release());
    }
  }

  /** The same for a resource without peers: its writes wait, as nobody else sees to it. */
  void suspendAlone(boolean suspend) {
    if (suspend == suspensions.contains(IoSuspension.USER)) {
      return;
    }
    for (Volume volume : volumes.values()) {
      if (suspend) {
        volume.front().hold();
      } else {
        volume.front().release();
      }
    }
    heldAlone = suspend;
    setSuspended(IoSuspension.USER, suspend);
  }

  /**
   * Makes several changes that people and tools see as one: none of the states between them is
   * published.
   */
  public void together(Runnable changes) {
    if (together) {
      changes.run();
      return;
    }
    together = true;
    try {
      changes.run();
    } finally {
      together = false;
      watcher.changed(this);
    }
  }

  /** Tells people and tools how far a resync is although nothing but counters has changed. */
  public void progressed() {
    watcher.progressed(this);
  }

  /** Something of it has changed. */
  void changed() {
    if (!together) {
      watcher.changed(this);
    }
  }

  /** The facts that the rules of {@code state} look at. */
  public ResourceFacts facts() {
    return new ResourceFacts(
        role, failingIo, volumes.values().stream().map(Volume::facts).toList());
  }

  /** What can be seen of it now. */
  public ResourceView view() {
    return new ResourceView(
        name,
        nodeId,
        role,
        suspensions(),
        failingIo,
        writeOrdering(),
        options,
        volumes.values().stream().map(Volume::view).toList(),
        connections.values().stream().map(Connection::view).toList());
  }

  /** The weakest that a disk is configured for. */
  private WriteOrdering writeOrdering() {
    return volumes.values().stream()
        .map(volume -> volume.config().writeOrdering())
        .min(Comparator.naturalOrder())
        .orElse(WriteOrdering.FLUSH);
  }

  Optional<Volume> volume(int number) {
    return Optional.ofNullable(volumes.get(number));
  }

  /** Adds a volume; every connection has a peer device for it from then on. */
  List<PeerDevice> add(Volume volume) {
    volumes.put(volume.number(), volume);
    return connections.values().stream()
        .map(connection -> connection.addPeerDevice(volume))
        .toList();
  }

  /** Removes a volume and its peer devices, which are the answer. */
  List<PeerDevice> remove(Volume volume) {
    volumes.remove(volume.number());
    return connections.values().stream()
        .flatMap(connection -> connection.removePeerDevice(volume).stream())
        .toList();
  }

  void add(Connection connection) {
    connections.put(connection.peerNodeId(), connection);
    changed();
  }

  void remove(Connection connection) {
    connections.remove(connection.peerNodeId());
    changed();
  }

  void setOptions(ResourceOptions changed) {
    options = changed;
  }

  void promoted(boolean explicitly) {
    role = Role.PRIMARY;
    explicitlyPrimary |= explicitly;
  }

  /**
   * @param failing I/O of those who still have it open fails from now on
   */
  void demoted(boolean failing) {
    role = Role.SECONDARY;
    explicitlyPrimary = false;
    setFailing(failing);
  }

  /** A user of a volume has closed it. */
  void closed() {
    if (failingIo && volumes.values().stream().noneMatch(Volume::open)) {
      setFailing(false);
    }
    boolean written = volumes.values().stream().anyMatch(volume -> volume.facts().writers() > 0);
    if (role == Role.PRIMARY && !explicitlyPrimary && !written) {
      role = Role.SECONDARY;
    }
  }

  private void setFailing(boolean failing) {
    failingIo = failing;
    volumes.values().forEach(volume -> volume.setFailing(failing));
  }
}
