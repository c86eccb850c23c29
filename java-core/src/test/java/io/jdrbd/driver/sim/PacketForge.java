package io.jdrbd.driver.sim;

import io.jdrbd.transport.StreamKind;
import io.jdrbd.wire.Command;
import io.jdrbd.wire.PacketDecoder;
import io.jdrbd.wire.WireDialect;
import io.jdrbd.wire.WireException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes packets that look right: known commands, lengths that they may have, and fields in which
 * numbers of this very connection stand beside borderline ones.
 */
final class PacketForge {
  static final int NO_VOLUME = 0xffff;

  private static final int MAGIC_80 = 0x83740267;
  private static final int MAGIC_95 = 0x835a;
  private static final int MAGIC_100 = 0x8620ec20;
  private static final int PAYLOAD_BYTES_MAX = 160;
  private static final int DATA_FIXED_BYTES = 24;
  private static final int SECTOR_BYTES = 512;
  private static final int WORDS_MAX = 256;

  private static final Map<Kind, List<Integer>> LENGTHS = new ConcurrentHashMap<>();

  private final Random random;
  private final List<Long> words = new ArrayList<>();
  private WireDialect dialect = WireDialect.BEFORE_AGREEMENT;

  private record Kind(Command command, WireDialect dialect) {}

  PacketForge(Random random) {
    this.random = random;
  }

  /** What packets look like from now on. */
  void dialect(WireDialect agreed) {
    dialect = agreed;
  }

  /** Learns the numbers in a packet that was really sent. */
  void learn(byte[] packet) {
    int last = Math.min(packet.length, PAYLOAD_BYTES_MAX) - Long.BYTES;
    for (int at = headerBytes(packet); at <= last; at += Integer.BYTES) {
      words.add(ByteBuffer.wrap(packet).getLong(at));
    }
    while (words.size() > WORDS_MAX) {
      words.remove(random.nextInt(words.size()));
    }
  }

  /** A packet of any command of the stream, out of nothing. */
  byte[] forged(StreamKind stream) {
    Command[] all = Command.values();
    Command command;
    do {
      command = all[random.nextInt(all.length)];
    } while (!command.stream().name().equals(stream.name()));
    return forged(command);
  }

  private byte[] forged(Command command) {
    List<Integer> lengths =
        LENGTHS.computeIfAbsent(new Kind(command, dialect), PacketForge::lengths);
    int length = lengths.isEmpty() ? 8 : lengths.get(random.nextInt(lengths.size()));
    ByteBuffer payload = ByteBuffer.allocate(length);
    while (payload.remaining() >= Long.BYTES) {
      payload.putLong(word());
    }
    while (payload.hasRemaining()) {
      payload.put((byte) random.nextInt(256));
    }
    for (int at = 0; at + Integer.BYTES <= length; at += Integer.BYTES) {
      if (random.nextInt(4) == 0) {
        payload.putInt(at, number());
      }
    }
    int volume = random.nextInt(5) == 0 ? volume() : 0;
    return packet(command, volume, payload.array());
  }

  /** A packet as the dialect wants it. */
  byte[] packet(Command command, int volume, byte[] payload) {
    int header = dialect.headerFormat(payload.length).bytes();
    ByteBuffer packet = ByteBuffer.allocate(header + payload.length);
    switch (dialect.headerFormat(payload.length)) {
      case H80 ->
          packet.putInt(MAGIC_80).putShort((short) command.code()).putShort((short) payload.length);
      case H95 ->
          packet.putShort((short) MAGIC_95).putShort((short) command.code()).putInt(payload.length);
      case H100 ->
          packet
              .putInt(MAGIC_100)
              .putShort((short) volume)
              .putShort((short) command.code())
              .putInt(payload.length)
              .putInt(0);
    }
    return packet.put(payload).array();
  }

  /** Which lengths a header of the command may have, as far as they are short. */
  private static List<Integer> lengths(Kind kind) {
    List<Integer> found = new ArrayList<>();
    int data = DATA_FIXED_BYTES + kind.dialect().digestBytes();
    for (int length = 0; length < PAYLOAD_BYTES_MAX; length++) {
      if (isLength(kind, length)) {
        found.add(length);
      }
    }
    for (int sectors : new int[] {1, 8, 24, 2048}) {
      if (isLength(kind, data + sectors * SECTOR_BYTES)) {
        found.add(data + sectors * SECTOR_BYTES);
      }
    }
    return List.copyOf(found);
  }

  private static boolean isLength(Kind kind, int length) {
    PacketForge forge = new PacketForge(new Random(0));
    forge.dialect(kind.dialect());
    ByteBuf header = Unpooled.wrappedBuffer(forge.packet(kind.command(), 0, new byte[length]));
    PacketDecoder decoder =
        new PacketDecoder(io.jdrbd.wire.StreamKind.valueOf(kind.command().stream().name()));
    decoder.dialect(kind.dialect());
    try {
      return decoder.readHeader(header);
    } catch (WireException e) {
      return false;
    }
  }

  /** The packet with one of its fields changed. */
  byte[] altered(byte[] packet) {
    byte[] changed = packet.clone();
    int header = headerBytes(packet);
    int words = Math.min(packet.length - header, PAYLOAD_BYTES_MAX) / Integer.BYTES;
    if (words == 0) {
      return withOtherLength(packet);
    }
    int at = header + random.nextInt(words) * Integer.BYTES;
    if (at + Long.BYTES <= packet.length && random.nextBoolean()) {
      ByteBuffer.wrap(changed).putLong(at, word());
    } else {
      ByteBuffer.wrap(changed).putInt(at, number());
    }
    return changed;
  }

  /** The packet with another length in its header. */
  byte[] withOtherLength(byte[] packet) {
    int length = random.nextBoolean() ? number() : random.nextInt(PAYLOAD_BYTES_MAX);
    return withLength(packet, length);
  }

  private static byte[] withLength(byte[] packet, int length) {
    ByteBuffer changed = ByteBuffer.wrap(packet.clone());
    if (headerBytes(packet) == 16) {
      changed.putInt(8, length);
    } else if (changed.getInt(0) == MAGIC_80) {
      changed.putShort(6, (short) length);
    } else {
      changed.putInt(4, length);
    }
    return changed.array();
  }

  /** The packet cut short or made longer, with the right length in its header. */
  byte[] resized(byte[] packet) {
    int header = headerBytes(packet);
    int length = random.nextInt(Math.min(packet.length - header, PAYLOAD_BYTES_MAX) + 16);
    return withLength(Arrays.copyOf(packet, header + length), length);
  }

  /** The packet under another name. */
  byte[] renamed(byte[] packet) {
    Command[] all = Command.values();
    int code = random.nextInt(8) == 0 ? number() : all[random.nextInt(all.length)].code();
    ByteBuffer changed = ByteBuffer.wrap(packet.clone());
    boolean old = changed.getInt(0) == MAGIC_80;
    changed.putShort(headerBytes(packet) == 16 ? 6 : old ? 4 : 2, (short) code);
    return changed.array();
  }

  /** The packet about another volume. */
  byte[] moved(byte[] packet) {
    ByteBuffer changed = ByteBuffer.wrap(packet.clone());
    if (headerBytes(packet) == 16) {
      changed.putShort(4, (short) volume());
    }
    return changed.array();
  }

  private int volume() {
    return switch (random.nextInt(3)) {
      case 0 -> 0;
      case 1 -> NO_VOLUME;
      default -> random.nextInt(NO_VOLUME);
    };
  }

  /** Bytes without any sense. */
  byte[] noise() {
    byte[] noise = new byte[1 + random.nextInt(64)];
    random.nextBytes(noise);
    return noise;
  }

  private long word() {
    return switch (random.nextInt(words.isEmpty() ? 6 : 12)) {
      case 0 -> 0;
      case 1 -> random.nextBoolean() ? -1 : Long.MIN_VALUE;
      case 2 -> random.nextInt(20);
      case 3 -> SimHost.DATA_SECTORS - 8 + random.nextInt(16);
      case 4 -> random.nextLong(SimHost.DATA_SECTORS);
      case 5 -> random.nextLong();
      default -> words.get(random.nextInt(words.size()));
    };
  }

  private int number() {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> random.nextBoolean() ? -1 : Integer.MAX_VALUE;
      case 2 -> random.nextInt(64);
      case 3 -> SECTOR_BYTES * (1 + random.nextInt(32));
      case 4 -> 1 << random.nextInt(32);
      default -> random.nextInt();
    };
  }

  private static int headerBytes(byte[] packet) {
    return ByteBuffer.wrap(packet).getInt(0) == MAGIC_100 ? 16 : 8;
  }

  /** A packet for people. */
  static String text(byte[] packet) {
    String hex = HexFormat.ofDelimiter(" ").formatHex(packet, 0, Math.min(packet.length, 64));
    return "%d bytes: %s".formatted(packet.length, hex);
  }
}
