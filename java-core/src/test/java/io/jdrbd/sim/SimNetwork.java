package io.jdrbd.sim;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The network between simulated nodes: each TCP connection keeps its order, and none of them knows
 * of the others, so that DATA and CONTROL overtake each other.
 */
public final class SimNetwork {

  /**
   * How the network behaves.
   *
   * @param delayMinNs of each segment
   * @param delayMaxNs of each segment, not less
   * @param refusals which part of calls is refused although somebody listens, 0 to 1
   * @param breaks which part of segments breaks its connection, in the middle of a byte if need be,
   *     0 to 1
   */
  public record Weather(long delayMinNs, long delayMaxNs, double refusals, double breaks) {
    /** 20 to 500 microseconds, and nothing goes wrong. */
    public static final Weather FINE = new Weather(20_000, 500_000, 0, 0);
  }

  private final SimWorld world;
  private final Map<InetSocketAddress, SimListener> listeners = new LinkedHashMap<>();
  private final Map<InetAddress, SimNode> nodes = new LinkedHashMap<>();
  private final Set<Set<InetAddress>> cuts = new LinkedHashSet<>();
  private final Set<SimWire> waiting = new LinkedHashSet<>();
  private final List<SimSocket> sockets = new ArrayList<>();
  private Weather weather = Weather.FINE;
  private Predicate<byte[]> damage = piece -> false;

  SimNetwork(SimWorld world) {
    this.world = world;
  }

  SimWorld world() {
    return world;
  }

  /** Changes how it behaves from now on. */
  public void weather(Weather now) {
    weather = now;
  }

  /** Nothing passes between the two addresses any more; connections wait. */
  public void cut(String oneIp, String otherIp) {
    cuts.add(Set.of(SimNode.ip(oneIp), SimNode.ip(otherIp)));
  }

  /** Takes {@link #cut} back. */
  public void heal(String oneIp, String otherIp) {
    cuts.remove(Set.of(SimNode.ip(oneIp), SimNode.ip(otherIp)));
    resumeWaiting();
  }

  /** Takes all cuts back. */
  public void healAll() {
    cuts.clear();
    resumeWaiting();
  }

  /** Breaks one of the connections that stand, chosen by chance, at a byte chosen by chance. */
  public void breakOne() {
    sockets.removeIf(socket -> !socket.isEstablished());
    if (!sockets.isEmpty()) {
      sockets.get(world.random().nextInt(sockets.size())).breakConnection();
    }
  }

  /** The next piece of a stream that this is true for arrives with its last byte changed. */
  public void damageOne(Predicate<byte[]> which) {
    damage = which;
  }

  /** What arrives of a piece that was sent. */
  byte[] arriving(byte[] piece) {
    if (damage.test(piece)) {
      damage = other -> false;
      piece[piece.length - 1] ^= 1;
    }
    return piece;
  }

  void add(SimNode node, InetAddress ip) {
    if (nodes.put(ip, node) != null) {
      throw new IllegalArgumentException("two nodes have the address " + ip.getHostAddress());
    }
  }

  boolean has(SimNode node, InetAddress ip) {
    return nodes.get(ip) == node;
  }

  boolean reaches(InetAddress one, InetAddress other) {
    boolean bothOn = nodes.containsKey(one) && nodes.containsKey(other);
    return bothOn
        && nodes.get(one).isPowered()
        && nodes.get(other).isPowered()
        && (one.equals(other) || !cuts.contains(Set.of(one, other)));
  }

  long delayNs() {
    return world.random().nextLong(weather.delayMinNs, weather.delayMaxNs + 1);
  }

  boolean refuses() {
    return weather.refusals > 0 && world.random().nextDouble() < weather.refusals;
  }

  boolean breaksNow() {
    return weather.breaks > 0 && world.random().nextDouble() < weather.breaks;
  }

  void waitsForHealing(SimWire wire) {
    waiting.add(wire);
  }

  /** Those that still do not reach each other wait again. */
  void resumeWaiting() {
    List<SimWire> now = List.copyOf(waiting);
    waiting.clear();
    now.forEach(SimWire::resume);
  }

  Map<InetSocketAddress, SimListener> listeners() {
    return listeners;
  }

  /** A connection stands. */
  void connected(SimSocket socket) {
    sockets.add(socket);
  }
}
