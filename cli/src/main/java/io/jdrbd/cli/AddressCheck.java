package io.jdrbd.cli;

import io.jdrbd.conf.Address;
import io.jdrbd.conf.node.NodeConfiguration;
import io.jdrbd.plan.PlanException;
import io.jdrbd.plan.Selection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks whether this host has the address that a resource is to listen on, for commands that matter
 * (spec 7, section 4.3).
 */
record AddressCheck(boolean wanted) {
  private static final Set<String> COMMANDS =
      Set.of(
          "up",
          "adjust",
          "adjust-with-progress",
          "connect",
          "net-options",
          "new-peer",
          "del-peer",
          "new-path",
          "del-path",
          "wait-connect",
          "wait-sync");

  static AddressCheck of(String command, Arguments arguments) {
    return new AddressCheck(
        COMMANDS.contains(command)
            && !(command.startsWith("adjust") && arguments.isSet("--skip-net")));
  }

  void check(NodeConfiguration configuration, List<Selection> selections) throws PlanException {
    if (!wanted || !configuration.global().ipVerification()) {
      return;
    }
    for (Selection selection : selections) {
      Optional<Address> address = selection.resource().here().address();
      if (address.isPresent() && !configuration.host().hasAddress().test(address.get().host())) {
        throw new PlanException(
            ExitCode.REFUSED,
            "%s: in resource %s, on %s:%n\tIP %s not found on this host."
                .formatted(
                    address.get().at(),
                    selection.resource().name(),
                    selection.resource().here().displayName(),
                    address.get().host()));
      }
    }
  }
}
