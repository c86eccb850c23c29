package io.jdrbd.driver.sim;

import io.jdrbd.transport.StreamKind;
import io.jdrbd.wire.WireDialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Structured nonsense: now and then, a packet is replaced, repeated, bent, or made up. */
final class Nonsense implements Mischief {
  private static final int REMEMBERED_MAX = 32;

  private final Random random;
  private final PacketForge forge;
  private final WireDialect agreed;
  private final Consumer<Supplier<String>> trace;
  private final double rate;
  private final List<byte[]> remembered = new ArrayList<>();
  private Optional<Held> held = Optional.empty();

  /** So many packets still go out as they are. */
  private int quiet;

  private int deeds;
  private int packetsOfConnection;

  /** A packet that others overtake. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Held(StreamKind kind, byte[] packet) {}

  /**
   * @param agreed what is spoken after the features
   * @param quiet how many packets go out as they are, before anything happens
   * @param rate which part of the packets after that meets with something, 0 to 1
   * @param deeds how much happens at most
   */
  Nonsense(
      Random random,
      WireDialect agreed,
      int quiet,
      double rate,
      int deeds,
      Consumer<Supplier<String>> trace) {
    this.random = random;
    this.forge = new PacketForge(random);
    this.agreed = agreed;
    this.quiet = quiet;
    this.rate = rate;
    this.deeds = deeds;
    this.trace = trace;
  }

  /** Whether everything that was to happen has happened. */
  boolean isDone() {
    return deeds == 0;
  }

  @Override
  public void begins() {
    packetsOfConnection = 0;
    held = Optional.empty();
    forge.dialect(WireDialect.BEFORE_AGREEMENT);
  }

  @Override
  public void sends(HostileLink link, StreamKind kind, byte[] packet) {
    if (packetsOfConnection == 1) {
      forge.dialect(agreed);
    }
    packetsOfConnection++;
    learn(packet);
    Optional<Held> overtaken = held;
    held = Optional.empty();
    if (isTime()) {
      change(link, kind, packet);
    } else {
      link.say(kind, packet);
    }
    overtaken.ifPresent(late -> link.say(late.kind(), late.packet()));
  }

  @Override
  public void idle(HostileLink link) {
    if (isTime()) {
      StreamKind kind = random.nextBoolean() ? StreamKind.DATA : StreamKind.CONTROL;
      say(link, "makes up", kind, forge.forged(kind));
    }
  }

  private void learn(byte[] packet) {
    forge.learn(packet);
    if (remembered.size() == REMEMBERED_MAX) {
      remembered.remove(random.nextInt(REMEMBERED_MAX));
    }
    remembered.add(packet);
  }

  private boolean isTime() {
    if (quiet > 0) {
      quiet--;
      return false;
    }
    if (deeds == 0 || random.nextDouble() >= rate) {
      return false;
    }
    deeds--;
    return true;
  }

  private void change(HostileLink link, StreamKind kind, byte[] packet) {
    switch (random.nextInt(16)) {
      case 0 -> trace.accept(() -> "leaves out " + PacketForge.text(packet));
      case 1 -> {
        link.say(kind, packet);
        say(link, "says again", kind, packet);
      }
      case 2, 3, 4, 5 -> say(link, "alters", kind, forge.altered(packet));
      case 6 -> say(link, "bends the length of", kind, forge.withOtherLength(packet));
      case 7 -> say(link, "resizes", kind, forge.resized(packet));
      case 8 -> say(link, "renames", kind, forge.renamed(packet));
      case 9 -> say(link, "moves", kind, forge.moved(packet));
      case 10 -> say(link, "mistakes the stream of", kind.other(), packet);
      case 11 -> {
        trace.accept(() -> "delays " + PacketForge.text(packet));
        held = Optional.of(new Held(kind, packet));
      }
      case 12 -> {
        byte[] old = remembered.get(random.nextInt(remembered.size()));
        say(link, "repeats an old", kind, random.nextBoolean() ? old : forge.altered(old));
        link.say(kind, packet);
      }
      case 13 -> {
        say(link, "makes noise before", kind, forge.noise());
        link.say(kind, packet);
      }
      default -> {
        say(link, "makes up", kind, forge.forged(kind));
        link.say(kind, packet);
      }
    }
  }

  private void say(HostileLink link, String deed, StreamKind kind, byte[] packet) {
    trace.accept(() -> "%s a packet on %s: %s".formatted(deed, kind, PacketForge.text(packet)));
    link.say(kind, packet);
  }
}
