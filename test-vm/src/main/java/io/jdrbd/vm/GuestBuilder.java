package io.jdrbd.vm;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a guest is made of. Begun by {@link Guest#named(String)}, ended by {@link #start()}. Not
 * thread-safe.
 */
public final class GuestBuilder {

  /** A network that a guest is connected to, and the guest's address there as ADDRESS/PREFIX. */
  record NetworkPort(GuestNetwork network, String address) {}

  final String name;
  final RunDirectory directory;
  final List<GuestDisk> disks = new ArrayList<>();
  final Set<String> modules = new LinkedHashSet<>();
  final List<NetworkPort> networks = new ArrayList<>();
  final List<HostForward> forwards = new ArrayList<>();
  Optional<HostPort> host = Optional.empty();
  boolean hostNetwork;
  int memoryMib = 256;
  int cpus = 1;
  String kernelArguments = "";
  Duration bootTimeout = Duration.ofSeconds(90);

  /** The namespace of the host that a guest is plugged into, and the guest's address there. */
  record HostPort(HostNamespace namespace, String address) {}

  /** A port of the guest that can be reached on the host's loopback. */
  record HostForward(int hostPort, int guestPort) {}

  GuestBuilder(String name) {
    this.name = name;
    this.directory = RunDirectory.create(name);
    disks.add(new GuestDisk("root", GuestImage.find().root(), "raw", GuestDisk.Kind.ROOT));
  }

  /** Memory in MiB; 256 where nothing is said. */
  public GuestBuilder memoryMib(int mib) {
    memoryMib = mib;
    return this;
  }

  /** The number of virtual processors; 1 where nothing is said. */
  public GuestBuilder cpus(int count) {
    cpus = count;
    return this;
  }

  /** Adds an empty disk that goes with the guest; the guest sees it as {@code /dev/disk/NAME}. */
  public GuestBuilder disk(String diskName, long sizeBytes) {
    Path file = directory.path().resolve("disk-" + diskName + ".raw");
    try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
      disk.setLength(sizeBytes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the disk " + file, e);
    }
    return disk(diskName, file);
  }

  /**
   * Adds a disk from a raw file, which stays when the guest goes; the guest sees it as {@code
   * /dev/disk/NAME}.
   */
  public GuestBuilder disk(String diskName, Path rawFile) {
    disks.add(new GuestDisk(diskName, rawFile, "raw", GuestDisk.Kind.DISK));
    return this;
  }

  /** Adds a disk from a qcow2 file, which stays when the guest goes. */
  public GuestBuilder qcow2Disk(String diskName, Path qcow2File) {
    disks.add(new GuestDisk(diskName, qcow2File, "qcow2", GuestDisk.Kind.DISK));
    return this;
  }

  /**
   * Mounts an ext4 image read-only as {@code /image/NAME}. Several guests may use the same file.
   */
  public GuestBuilder image(String imageName, Path ext4File) {
    disks.add(new GuestDisk(imageName, ext4File, "raw", GuestDisk.Kind.IMAGE));
    return this;
  }

  /**
   * Puts this build's jdrbd into the guest: {@code jdrbd} is in its PATH. Its JVM wants at least
   * 512 MiB of memory.
   */
  public GuestBuilder jdrbd() {
    return image("jdrbd", JdrbdImage.ext4File());
  }

  /** Loads a module of Debian's kernel, with those it needs, before the guest is ready. */
  public GuestBuilder module(String moduleName) {
    modules.add(moduleName);
    return this;
  }

  /** Connects the guest to a network of guests, with an address such as {@code 10.77.0.1/24}. */
  public GuestBuilder network(GuestNetwork network, String addressAndPrefix) {
    networks.add(new NetworkPort(network, addressAndPrefix));
    return this;
  }

  /**
   * Plugs the guest into a network namespace of the host, with an address such as {@code
   * 10.77.0.1/24}.
   */
  public GuestBuilder plugInto(HostNamespace namespace, String addressAndPrefix) {
    host = Optional.of(new HostPort(namespace, addressAndPrefix));
    return this;
  }

  /** Lets the guest reach the host's loopback as {@value Guest#HOST_ADDRESS}. */
  public GuestBuilder hostNetwork() {
    hostNetwork = true;
    return this;
  }

  /** Lets the host reach a TCP port of the guest: {@link Guest#forwardedPort} tells where. */
  public GuestBuilder forward(int guestPort) {
    hostNetwork = true;
    forwards.add(new HostForward(FreePort.find(), guestPort));
    return this;
  }

  /** Adds arguments to the kernel's command line. */
  public GuestBuilder kernelArguments(String arguments) {
    kernelArguments = kernelArguments + " " + arguments;
    return this;
  }

  /** How long the guest may take until it is ready; 90 s where nothing is said. */
  public GuestBuilder bootTimeout(Duration timeout) {
    bootTimeout = timeout;
    return this;
  }

  /**
   * Boots the guest and waits until it is ready for commands.
   *
   * @throws GuestException if it does not get ready in time; the message has its console
   */
  public Guest start() {
    return Guest.boot(this);
  }

  OptionalInt forwardedPort(int guestPort) {
    return forwards.stream()
        .filter(forward -> forward.guestPort() == guestPort)
        .mapToInt(HostForward::hostPort)
        .findFirst();
  }
}
