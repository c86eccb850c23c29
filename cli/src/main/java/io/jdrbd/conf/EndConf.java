package io.jdrbd.conf;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * One end of a path: a host, with what differs from the host's own section, or an address.
 *
 * @param host empty if only an address is given, as for floating hosts
 * @param port instead of that of the host's address
 * @param outside where the peer reaches it instead, behind an address translation
 */
public record EndConf(
    Optional<String> host,
    Optional<Address> address,
    OptionalInt port,
    Optional<Address> outside,
    Optional<ProxyConf> proxy,
    Position at) {}
