package io.jdrbd.conf.dump;

import io.jdrbd.conf.Address;
import io.jdrbd.conf.HostConf;
import io.jdrbd.conf.ProxyConf;
import io.jdrbd.conf.Quoting;
import io.jdrbd.conf.VolumeConf;
import io.jdrbd.conf.node.NodeHost;
import java.util.Optional;
import java.util.stream.Collectors;

/** Lines that are alike in both forms. */
final class Items {
  private Items() {}

  static String device(VolumeConf.Device device) {
    return device.name().map(name -> Quoting.name(name) + " ").orElse("")
        + "minor "
        + device.minor();
  }

  static String disk(VolumeConf.Disk disk) {
    return Quoting.name(disk.path());
  }

  static void metaDisk(VolumeConf.MetaDisk meta, Layout layout) {
    if (meta.isInternal()) {
      layout.value("meta-disk", "internal");
    } else {
      layout.line(
          "meta-disk        "
              + Quoting.name(meta.device())
              + (meta.index().isPresent() ? " [" + meta.index().getAsInt() + "]" : "")
              + ";");
    }
  }

  static String yesOrNo(boolean set) {
    return set ? "yes" : "no";
  }

  static void openHost(NodeHost host, Layout layout) {
    HostConf written = host.written();
    String names = written.names().stream().map(Quoting::name).collect(Collectors.joining(" "));
    switch (written.kind()) {
      case ON -> layout.open("on " + names);
      case FLOATING ->
          layout.open("floating         " + written.address().map(Items::plain).orElse(""));
      case STACKED -> {
        layout.open("stacked-on-top-of " + names);
        layout.line("# on " + String.join(" ", host.names()) + " ");
      }
    }
    host.nodeId().ifPresent(id -> layout.line("node-id " + id + ";"));
    layout.section("options", written.options());
  }

  static void closeHost(NodeHost host, Layout layout) {
    HostConf written = host.written();
    if (written.kind() != HostConf.Kind.FLOATING) {
      written.address().ifPresent(address -> layout.value("address", plain(address)));
    }
    layout.close();
  }

  static String plain(Address address) {
    String shown =
        address.family() == Address.Family.IPV6 ? "[" + address.host() + "]" : address.host();
    return address.family().word() + " " + shown + ":" + address.port();
  }

  static String address(Address address) {
    return "address         " + plain(address);
  }

  static void bareAddress(Address address, String name, Layout layout) {
    layout.line("address          " + plain(address) + "; # on " + name);
  }

  static void endHost(
      String line, Optional<Address> outside, Optional<ProxyConf> proxy, Layout layout) {
    if (proxy.isPresent()) {
      layout.open(
          line
              + layout.gap()
              + "via proxy on "
              + proxy.get().hosts().stream().map(Quoting::name).collect(Collectors.joining(" ")));
      proxy.get().inside().ifPresent(inside -> proxyAddress("inside", inside, layout));
      proxy.get().outside().ifPresent(far -> proxyAddress("outside", far, layout));
      layout.close();
    } else {
      layout.line(
          line
              + outside.map(far -> layout.gap() + "via outside-address " + plain(far)).orElse("")
              + ";");
    }
  }

  private static void proxyAddress(String name, Address address, Layout layout) {
    layout.line("%-16s %s;".formatted(name, plain(address)));
  }
}
