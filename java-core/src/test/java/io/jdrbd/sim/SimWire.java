package io.jdrbd.sim;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;

/**
 * One direction of a simulated TCP connection: what is on its way, in order. While the two machines
 * do not reach each other, everything waits, as TCP sends it again and again.
 */
final class SimWire {
  private final SimNetwork network;
  private final SimSocket from;
  private final SimSocket to;
  private final ArrayDeque<Flying> flying = new ArrayDeque<>();
  private boolean scheduled;

  private record Flying(Segment segment, long dueNs) {}

  SimWire(SimNetwork network, SimSocket from, SimSocket to) {
    this.network = network;
    this.from = from;
    this.to = to;
  }

  /** Sends; it arrives after the network's delay, and after what was sent before. */
  void send(Segment segment) {
    SimWorld world = network.world();
    flying.add(new Flying(segment, world.nowNs() + network.delayNs()));
    scheduleNext();
  }

  /** Goes on after the machines have found each other again. */
  void resume() {
    scheduleNext();
  }

  /** The connection breaks here: only a part of what is on its way arrives. */
  void cutAtRandomByte() {
    Random random = network.world().random();
    int whole = random.nextInt(flying.size() + 1);
    while (flying.size() > whole + 1) {
      flying.removeLast();
    }
    if (flying.size() > whole) {
      Flying last = flying.removeLast();
      if (last.segment instanceof Segment.Bytes(byte[] bytes)) {
        byte[] part = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
        flying.add(new Flying(new Segment.Bytes(part), last.dueNs));
      }
    }
  }

  private void scheduleNext() {
    if (!scheduled && !flying.isEmpty()) {
      scheduled = true;
      SimWorld world = network.world();
      world.hardware().schedule(flying.peek().dueNs - world.nowNs(), this::arrive);
    }
  }

  private void arrive() {
    scheduled = false;
    if (flying.isEmpty()) {
      return;
    }
    if (!network.reaches(from.localIp(), to.localIp())) {
      network.waitsForHealing(this);
      return;
    }
    Segment segment = flying.remove().segment;
    if (segment instanceof Segment.Bytes(byte[] bytes)) {
      network.world().note(Arrays.hashCode(bytes));
    }
    to.deliver(segment);
    scheduleNext();
  }
}
