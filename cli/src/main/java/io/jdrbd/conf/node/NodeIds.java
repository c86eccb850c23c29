package io.jdrbd.conf.node;

import io.jdrbd.conf.Address;
import io.jdrbd.conf.HostConf;
import io.jdrbd.conf.ProxyConf;
import io.jdrbd.conf.ResourceConf;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The node ids of a resource of two hosts that says nothing of them, as those of DRBD 8 do: they
 * follow from the addresses, so that both hosts come to the same (spec 7, section 4.2).
 */
final class NodeIds {
  private static final int POLYNOMIAL = 0x82F63B78;
  private static final int INITIAL = 0x1A656F21;

  private NodeIds() {}

  /** Whether ids are to be derived: there are two hosts and nothing else tells of them. */
  static boolean areImplied(ResourceConf resource) {
    return resource.hosts().size() == 2
        && resource.connections().isEmpty()
        && resource.meshes().isEmpty()
        && resource.hosts().stream().allMatch(host -> host.nodeId().isEmpty())
        && resource.hosts().stream().allMatch(host -> host.address().isPresent());
  }

  /** The id of one of the two; empty if both come to the same. */
  static OptionalInt derived(ResourceConf resource, HostConf host) {
    HostConf first = resource.hosts().getFirst();
    HostConf second = resource.hosts().getLast();
    int one = hash(first.address());
    int other = hash(second.address());
    if (one == other) {
      // Behind proxies both may have the same address of their own.
      one = hash(first.proxy().flatMap(ProxyConf::outside));
      other = hash(second.proxy().flatMap(ProxyConf::outside));
    }
    if (one == other) {
      return OptionalInt.empty();
    }
    boolean greater = host.equals(first) ? one > other : other > one;
    return OptionalInt.of(greater ? 0 : 1);
  }

  private static int hash(Optional<Address> address) {
    return crc32c(address.map(Address::host).orElse(""));
  }

  /** CRC-32C of a text, with another beginning than usual and nothing done at its end. */
  static int crc32c(String text) {
    int register = INITIAL;
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      register ^= each & 0xff;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        register = (register >>> 1) ^ ((register & 1) == 0 ? 0 : POLYNOMIAL);
      }
    }
    return register;
  }
}
