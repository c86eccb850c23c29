package io.jdrbd.conf.node;

import io.jdrbd.conf.Address;
import io.jdrbd.conf.ProxyConf;
import java.util.Optional;

/**
 * One end of a path.
 *
 * @param name of the host, as the connection knows it; empty where it is known by its address
 * @param address where it listens
 * @param outside where its peer reaches it instead
 * @param proxy beside it
 */
public record NodeEnd(
    NodeHost host,
    Optional<String> name,
    Address address,
    Optional<Address> outside,
    Optional<ProxyConf> proxy) {

  /** Where a peer behind no proxy of its own reaches it. */
  public Address seenByPeer() {
    return outside.orElse(address);
  }
}
