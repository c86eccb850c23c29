package io.jdrbd.sim;

import io.jdrbd.loop.Loop;
import io.jdrbd.transport.TransportFactory;
import io.jdrbd.transport.connect.ConnectRules;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A machine. It has a life from {@link #start} to {@link #kill} or {@link #powerOff}, with a loop,
 * sockets and open disks of its own; the disks' contents outlive it.
 */
public final class SimNode {
  private final SimWorld world;
  private final String name;
  private final List<InetAddress> ips;
  private final Map<String, SimDrive> drives = new LinkedHashMap<>();
  private ConnectRules rules = ConnectRules.JDRBD;
  private boolean powered = true;
  private int lives;
  private NodeLoop loop;
  private SimSockets sockets;

  SimNode(SimWorld world, String name, List<String> ips) {
    this.world = world;
    this.name = name;
    this.ips = ips.stream().map(SimNode::ip).toList();
    this.ips.forEach(ip -> world.network().add(this, ip));
    this.loop = new NodeLoop(world, name);
    this.sockets = new SimSockets(this, loop, world.network());
    loop.end();
  }

  static InetAddress ip(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IP address: " + text, e);
    }
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** How many times it was started. */
  public int lives() {
    return lives;
  }

  /** Whether it lives. */
  public boolean isUp() {
    return !loop.hasEnded();
  }

  /** Whether the machine is on, even if no process runs on it. */
  boolean isPowered() {
    return powered;
  }

  /** Makes it look for its peers by other rules: those of another implementation. */
  public void connectRules(ConnectRules other) {
    rules = other;
  }

  /**
   * Builds in a drive while it is switched off; a drive of the same name is thrown away.
   *
   * @param driveName by which {@link #drive} finds it
   * @param sizeBytes whole pages
   */
  public void addDrive(String driveName, long sizeBytes) {
    drives.put(driveName, new SimDrive(world, sizeBytes));
  }

  /** A drive that was built in. */
  public SimDrive drive(String driveName) {
    return drives.get(driveName);
  }

  /**
   * Begins a life.
   *
   * @param boot is run on the new loop
   */
  public void start(Consumer<SimNode> boot) {
    if (isUp()) {
      throw new IllegalStateException(name + " is up");
    }
    powered = true;
    lives++;
    loop = new NodeLoop(world, name + "#" + lives);
    sockets = new SimSockets(this, loop, world.network());
    world.network().resumeWaiting();
    loop.execute(() -> boot.accept(this));
  }

  /** The loop of this life. */
  public Loop loop() {
    return loop;
  }

  /** The transports of this life. */
  public TransportFactory transports() {
    return new SimTransportFactory(loop, sockets, rules);
  }

  /** Ends the process: its sockets are closed, what its drives have in their caches stays there. */
  public void kill() {
    if (isUp()) {
      loop.end();
      sockets.killed();
    }
  }

  /** Pulls the plug: peers hear nothing, and drives lose some of what was not flushed. */
  public void powerOff() {
    if (powered) {
      powered = false;
      loop.end();
      sockets.poweredOff();
      drives.values().forEach(SimDrive::losePower);
    }
  }
}
