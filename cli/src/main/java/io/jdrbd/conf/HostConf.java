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
    ON("on"),
    STACKED("stacked-on-top-of"),
    FLOATING("floating");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** With what its section begins. */
    public String word() {
      return word;
    }
  }

  /**
   * Its names, or the address of a floating one, joined as they are shown: without the colons that
   * names of connections must not have (spec 7, section 4.1).
   */
  public String displayName() {
    return kind == Kind.FLOATING
        ? address.map(known -> (known.host() + ":" + known.port()).replace(':', '_')).orElse("")
        : String.join("_", names);
  }
}
