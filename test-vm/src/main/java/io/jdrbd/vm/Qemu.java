package io.jdrbd.vm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Puts together QEMU's command line for a guest. */
final class Qemu {

  private final GuestBuilder guest;
  private final List<String> command = new ArrayList<>();
  private final StringJoiner addresses = new StringJoiner(",");

  private Qemu(GuestBuilder guest) {
    this.guest = guest;
  }

  /** Starts QEMU: with KVM where that works, else by emulation. */
  static Process start(GuestBuilder guest) throws IOException {
    List<String> command = new Qemu(guest).commandLine();
    List<String> line = guest.host.map(port -> port.namespace().inside(command)).orElse(command);
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(guest.directory.qemuLog().toFile())
        .start();
  }

  private List<String> commandLine() {
    GuestImage image = GuestImage.find();
    add("qemu-system-x86_64", "-accel", "kvm", "-accel", "tcg,thread=multi", "-cpu", "max");
    add(
        "-name",
        guest.name,
        "-smp",
        Integer.toString(guest.cpus),
        "-m",
        Integer.toString(guest.memoryMib));
    add("-nodefaults", "-no-reboot", "-display", "none");
    add("-kernel", image.kernel().toString(), "-initrd", image.initrd().toString());
    add("-serial", "file:" + guest.directory.console());
    add("-object", "rng-random,id=rng,filename=/dev/urandom", "-device", "virtio-rng-pci,rng=rng");
    add(
        "-device",
        "virtio-serial-pci",
        "-chardev",
        "socket,id=agent,path=" + guest.directory.agentSocket());
    add("-device", "virtserialport,chardev=agent,name=jdrbd.agent");
    add("-monitor", "unix:" + guest.directory.monitorSocket() + ",server=on,wait=off");
    addDisks();
    addNetworks();
    add("-append", kernelCommandLine());
    return command;
  }

  private void addDisks() {
    for (int i = 0; i < guest.disks.size(); i++) {
      GuestDisk disk = guest.disks.get(i);
      String readOnly = disk.isReadOnly() ? "on" : "off";
      add(
          "-drive",
          "if=none,id=disk%d,format=%s,readonly=%s,discard=unmap,file=%s"
              .formatted(i, disk.format(), readOnly, disk.file().toAbsolutePath()));
      add("-device", "virtio-blk-pci,drive=disk%d,serial=%s".formatted(i, disk.serial()));
    }
  }

  /** The guest names its interfaces in the order of the devices: eth0 is the first. */
  private void addNetworks() {
    int index = 0;
    if (guest.hostNetwork) {
      StringBuilder user = new StringBuilder("user,id=net0,ipv6=off");
      for (GuestBuilder.HostForward forward : guest.forwards) {
        user.append(
            ",hostfwd=tcp:127.0.0.1:%d-%s:%d"
                .formatted(forward.hostPort(), Guest.ADDRESS_TOWARDS_HOST, forward.guestPort()));
      }
      addNetworkDevice(index++, user.toString(), Guest.ADDRESS_TOWARDS_HOST + "/24");
    }
    for (GuestBuilder.NetworkPort port : guest.networks) {
      addNetworkDevice(
          index,
          "stream,id=net%d,server=off,addr.type=unix,addr.path=%s"
              .formatted(index, port.network().socket()),
          port.address());
      index++;
    }
    if (guest.host.isPresent()) {
      addNetworkDevice(
          index,
          "tap,id=net%d,ifname=%s,script=no,downscript=no".formatted(index, HostNamespace.TAP),
          guest.host.get().address());
    }
  }

  private void addNetworkDevice(int index, String backend, String address) {
    String mac =
        String.format(
            Locale.ROOT, "52:54:00:%06x", Math.floorMod((guest.name + index).hashCode(), 1 << 24));
    String colons = mac.replaceFirst("(..)(..)(..)$", "$1:$2:$3");
    add(
        "-netdev",
        backend,
        "-device",
        "virtio-net-pci,netdev=net%d,mac=%s".formatted(index, colons));
    addresses.add("eth" + index + "=" + address);
  }

  private String kernelCommandLine() {
    return "console=ttyS0 quiet loglevel=6 mitigations=off nokaslr panic=-1 tsc=reliable"
        + " jdrbd.host="
        + guest.name
        + " jdrbd.modules="
        + String.join(",", guest.modules)
        + " jdrbd.net="
        + addresses
        + guest.kernelArguments;
  }

  private void add(String... arguments) {
    command.addAll(List.of(arguments));
  }
}
