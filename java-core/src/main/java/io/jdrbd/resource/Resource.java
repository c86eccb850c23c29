package io.jdrbd.resource;

import io.jdrbd.state.ResourceFacts;
import io.jdrbd.state.Role;
import io.jdrbd.state.WriteOrdering;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.TreeMap;

/** One resource: what is promoted, demoted and replicated as a whole. Used on the node's loop. */
public final class Resource {
  private final String name;
  private final int nodeId;
  private final TreeMap<Integer, Volume> volumes = new TreeMap<>();
  private ResourceOptions options;
  private Role role = Role.SECONDARY;
  private boolean explicitlyPrimary;
  private boolean failingIo;

  Resource(String name, int nodeId, ResourceOptions options) {
    this.name = name;
    this.nodeId = nodeId;
    this.options = options;
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

  /** Its volumes by number. */
  public Collection<Volume> volumes() {
    return Collections.unmodifiableCollection(volumes.values());
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
        failingIo,
        WriteOrdering.FLUSH,
        options,
        volumes.values().stream().map(Volume::view).toList());
  }

  Optional<Volume> volume(int number) {
    return Optional.ofNullable(volumes.get(number));
  }

  void add(Volume volume) {
    volumes.put(volume.number(), volume);
  }

  void remove(Volume volume) {
    volumes.remove(volume.number());
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
