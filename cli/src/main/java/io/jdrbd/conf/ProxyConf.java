package io.jdrbd.conf;

import java.util.List;
import java.util.Optional;

/** A proxy beside a host: read, and not used. */
public record ProxyConf(List<String> hosts, Optional<Address> inside, Optional<Address> outside) {
  public ProxyConf {
    hosts = List.copyOf(hosts);
  }
}
