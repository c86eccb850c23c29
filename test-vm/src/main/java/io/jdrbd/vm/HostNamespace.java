package io.jdrbd.vm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network namespace of the host, into which one guest may be plugged: there a program of the host
 * and the guest reach each other under addresses of their own, in both directions. Needs root and
 * {@code /dev/net/tun}. The host's own network is not touched.
 */
public final class HostNamespace implements AutoCloseable {

  /** The host's end of the cable to the guest. */
  static final String TAP = "tap0";

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name;

  private HostNamespace(String name) {
    this.name = name;
  }

  /**
   * Makes a namespace.
   *
   * @param addressAndPrefix the host's address in it, such as {@code 10.77.0.254/24}
   * @throws GuestException if that is not allowed; the message says what is missing
   */
  public static HostNamespace create(String addressAndPrefix) {
    String name = "jdrbd-%d-%d".formatted(ProcessHandle.current().pid(), COUNT.incrementAndGet());
    try {
      ip("netns", "add", name);
    } catch (GuestException e) {
      throw new GuestException("this test needs root, to make a network namespace", e);
    }
    HostNamespace namespace = new HostNamespace(name);
    try {
      namespace.plug(addressAndPrefix);
      return namespace;
    } catch (GuestException e) {
      namespace.close();
      throw new GuestException(
          "this test needs /dev/net/tun, to plug a guest into a network namespace", e);
    }
  }

  private void plug(String addressAndPrefix) {
    ip("-n", name, "link", "set", "lo", "up");
    ip("-n", name, "tuntap", "add", TAP, "mode", "tap");
    ip("-n", name, "addr", "add", addressAndPrefix, "dev", TAP);
    cable(true);
  }

  /** Plugs the guest's cable in, or pulls it out: neither side is told, packets just get lost. */
  public void cable(boolean plugged) {
    ip("-n", name, "link", "set", TAP, plugged ? "up" : "down");
  }

  /** The command line by which a program runs inside; it replaces the first process, so its id. */
  public List<String> inside(List<String> command) {
    List<String> line = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + name, "--"));
    line.addAll(command);
    return line;
  }

  private static void ip(String... words) {
    List<String> line = new ArrayList<>(List.of("ip"));
    line.addAll(List.of(words));
    HostProgram.run(line.toArray(String[]::new));
  }

  /** Deletes the namespace, and with it the cable. */
  @Override
  public void close() {
    ip("netns", "del", name);
  }
}
