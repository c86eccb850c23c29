package io.jdrbd.conf.node;

import io.jdrbd.conf.Address;
import io.jdrbd.conf.EndConf;
import io.jdrbd.conf.HostConf;
import io.jdrbd.conf.Position;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Finds hosts, and completes what a connection says of its ends. */
record Ends(String resource, List<NodeHost> hosts, Findings findings) {
  Optional<NodeEnd> of(EndConf end) {
    Optional<NodeHost> host =
        end.host().isPresent() ? host(end.host().get(), end.at()) : at(end.address().orElseThrow());
    return host.flatMap(known -> complete(known, end.host(), end));
  }

  Optional<NodeHost> host(String name, Position at) {
    Optional<NodeHost> found =
        hosts.stream()
            .filter(host -> host.names().stream().anyMatch(name::equalsIgnoreCase))
            .findFirst();
    if (found.isEmpty()) {
      findings.problem(
          at,
          "host".length(),
          "resource '%s' has no host '%s'; it has %s"
              .formatted(
                  resource,
                  name,
                  String.join(", ", hosts.stream().map(NodeHost::displayName).toList())));
    }
    return found;
  }

  private Optional<NodeHost> at(Address address) {
    Optional<NodeHost> found =
        hosts.stream()
            .filter(
                host ->
                    host.address()
                        .filter(known -> known.argument().equals(address.argument()))
                        .isPresent())
            .findFirst();
    if (found.isEmpty()) {
      findings.problem(
          address.at(),
          address.host().length(),
          "no host of resource '%s' has the address %s".formatted(resource, address.argument()));
    }
    return found;
  }

  private Optional<NodeEnd> complete(NodeHost host, Optional<String> name, EndConf end) {
    Optional<Address> address = end.address().or(() -> withPort(host, end.port()));
    if (address.isEmpty()) {
      missing(host, end.at(), "host".length());
    }
    return address.map(
        known ->
            new NodeEnd(host, name, known, end.outside(), end.proxy().or(host.written()::proxy)));
  }

  private static Optional<Address> withPort(NodeHost host, OptionalInt port) {
    return host.address()
        .map(
            known ->
                new Address(known.family(), known.host(), port.orElse(known.port()), known.at()));
  }

  /** The end of a host that no connection names. */
  Optional<NodeEnd> implied(NodeHost host) {
    if (host.address().isEmpty()) {
      missing(host, host.written().at(), host.written().kind().word().length());
    }
    boolean named = host.written().kind() == HostConf.Kind.ON;
    return host.address()
        .map(
            known ->
                new NodeEnd(
                    host,
                    named ? Optional.of(host.names().getFirst()) : Optional.empty(),
                    known,
                    Optional.empty(),
                    host.written().proxy()));
  }

  private void missing(NodeHost host, Position at, int length) {
    findings.problem(
        at,
        length,
        "host '%s' of resource '%s' has no address; its section or the connection must tell it"
            .formatted(host.displayName(), resource));
  }
}
