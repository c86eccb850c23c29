package io.jdrbd.plan;

import io.jdrbd.conf.node.NodeConfiguration;
import io.jdrbd.conf.node.NodeConnection;
import io.jdrbd.conf.node.NodeHost;
import io.jdrbd.conf.node.NodeResource;
import io.jdrbd.conf.node.NodeVolume;
import java.util.List;
import java.util.Optional;

/**
 * What a command is for: {@code RES}, {@code RES/VOL}, {@code RES:PEER}, {@code RES:PEER/VOL} or
 * {@code minor-N} (spec 7, section 6.1).
 *
 * @param volume empty for all
 * @param connection empty for all
 */
public record Selection(
    NodeResource resource, Optional<NodeVolume> volume, Optional<NodeConnection> connection) {
  private static final String MINOR = "minor-";
  private static final int USAGE = 1;

  /** All of a resource. */
  public static Selection all(NodeResource resource) {
    return new Selection(resource, Optional.empty(), Optional.empty());
  }

  /**
   * Finds what somebody has named.
   *
   * @throws PlanException there is nothing of the kind on this host
   */
  public static Selection parse(String object, NodeConfiguration configuration)
      throws PlanException {
    Optional<NodeResource> whole = configuration.own(object);
    if (whole.isPresent()) {
      return all(whole.get());
    }
    if (object.startsWith(MINOR)) {
      return minor(object, configuration);
    }
    int slash = object.lastIndexOf('/');
    String left = slash < 0 ? object : object.substring(0, slash);
    int colon = left.indexOf(':');
    String name = colon < 0 ? left : left.substring(0, colon);
    Optional<NodeResource> found = configuration.own(name);
    if (found.isEmpty()) {
      throw new PlanException(
          USAGE, "'%s' not defined in your config (for this host).".formatted(name));
    }
    NodeResource resource = found.get();
    return new Selection(
        resource,
        slash < 0 ? Optional.empty() : Optional.of(volume(resource, object.substring(slash + 1))),
        colon < 0 ? Optional.empty() : Optional.of(peer(resource, left.substring(colon + 1))));
  }

  private static Selection minor(String object, NodeConfiguration configuration)
      throws PlanException {
    for (NodeResource resource : configuration.own()) {
      for (NodeVolume volume : resource.here().volumes()) {
        if (object.equals(MINOR + volume.minor())) {
          return new Selection(resource, Optional.of(volume), Optional.empty());
        }
      }
    }
    throw new PlanException(
        USAGE, "'%s' not defined in your config (for this host).".formatted(object));
  }

  private static NodeVolume volume(NodeResource resource, String number) throws PlanException {
    return resource.here().volumes().stream()
        .filter(volume -> Integer.toString(volume.number()).equals(number))
        .findFirst()
        .orElseThrow(
            () ->
                new PlanException(
                    USAGE, "Resource '%s' has no volume %s".formatted(resource.name(), number)));
  }

  private static NodeConnection peer(NodeResource resource, String name) throws PlanException {
    return resource.ownConnections().stream()
        .filter(connection -> isCalled(connection.peerOf(resource.here()), name))
        .findFirst()
        .orElseThrow(
            () ->
                new PlanException(
                    USAGE,
                    "Not a valid connection (%s:%s) for this host"
                        .formatted(resource.name(), name)));
  }

  private static boolean isCalled(NodeHost host, String name) {
    return host.displayName().equals(name)
        || host.names().stream().anyMatch(name::equalsIgnoreCase);
  }

  /** The volumes that are meant. */
  public List<NodeVolume> volumes() {
    return volume.map(List::of).orElseGet(() -> resource.here().volumes());
  }

  /** The connections that are meant. */
  List<NodeConnection> connections() {
    return connection.map(List::of).orElseGet(resource::ownConnections);
  }
}
