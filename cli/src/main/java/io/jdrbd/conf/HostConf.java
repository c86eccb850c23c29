package io.jdrbd.conf;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a resource says of one of its hosts.
 *
 * @param kind how the host is known
 * @param names of the host, or the resource it is stacked on; empty for a floating one
 * @param address of a floating host the one it is known by
 * @param volumes those it says something of
 * @param options accepted, and without effect
 */
public record HostConf(
    Kind kind,
    List<String> names,
    OptionalInt nodeId,
    Optional<Address> address,
    List<VolumeConf> volumes,
    List<Setting> options,
    Optional<ProxyConf> proxy,
    Position at) {
  public HostConf {
    names = List.copyOf(names);
    volumes = List.copyOf(volumes);
    options = List.copyOf(options);
  }

  /** How a host is known. */
  public enum Kind {
    ON,
    STACKED,
    FLOATING
  }

  /** Its names, joined as they are shown. */
  public String displayName() {
    return kind == Kind.FLOATING
        ? address.map(known -> known.host() + ":" + known.port()).orElse("")
        : String.join("_", names);
  }
}
