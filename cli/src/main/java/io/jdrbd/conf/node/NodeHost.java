package io.jdrbd.conf.node;

import io.jdrbd.conf.Address;
import io.jdrbd.conf.HostConf;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A host of a resource.
 *
 * @param names by which connections know it; none for a floating one
 * @param nodeId given or derived; empty only if that was complained of
 * @param volumes by their numbers
 */
public record NodeHost(
    HostConf written, List<String> names, OptionalInt nodeId, List<NodeVolume> volumes) {
  public NodeHost {
    names = List.copyOf(names);
    volumes = List.copyOf(volumes);
  }

  /** Its names joined, or its address; how peers are told of it. */
  public String displayName() {
    return names.isEmpty() ? written.displayName() : String.join("_", names);
  }

  /** Where it is reached if a connection does not say otherwise. */
  public Optional<Address> address() {
    return written.address();
  }

  /** One of its volumes. */
  public Optional<NodeVolume> volume(int number) {
    return volumes.stream().filter(volume -> volume.number() == number).findFirst();
  }

  /** Its node id, where it is known to have one. */
  public int id() {
    return nodeId.orElseThrow();
  }

  /** Whether its disks are the devices of another resource. */
  public boolean isStacked() {
    return written.kind() == HostConf.Kind.STACKED;
  }
}
