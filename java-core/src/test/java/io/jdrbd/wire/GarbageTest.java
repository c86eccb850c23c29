package io.jdrbd.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.wire.capture.Capture;
import io.jdrbd.wire.capture.CapturedConnection;
import io.jdrbd.wire.capture.CapturedPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Recorded packets with some bytes changed: structured garbage, the same at every run. */
class GarbageTest {
  private static final long SEED = 0x6a647262;
  private static final int CHANGES_OF_EACH = 400;

  /** Together they have most packets of both protocol families. */
  private static final List<String> SCENARIOS =
      List.of(
          "84-84-admin",
          "84-84-dual-primary",
          "84-84-io-error",
          "84-84-thin-resync",
          "84-84-verify-sha1",
          "84-84-writes-C",
          "92-92-io-error",
          "93-93-csums",
          "93-93-dual-primary",
          "93-93-93-mesh-quorum",
          "93-93-resize",
          "93-93-thin-resync",
          "93-93-verify-sha1",
          "93-93-writes-C");

  @Test
  void changedPacketsAreReadOrRefused() throws WireException {
    SplittableRandom random = new SplittableRandom(SEED);
    int read = 0;
    int refused = 0;
    List<CapturedPacket> samples = samples();
    for (CapturedPacket sample : samples) {
      for (int i = 0; i < CHANGES_OF_EACH; i++) {
        GarbageReader reader = new GarbageReader(sample.stream(), sample.dialect());
        try {
          reader.read(changed(sample, random));
          read++;
        } catch (WireException e) {
          assertThat(e.getMessage()).isNotEmpty();
          refused++;
        }
      }
    }
    assertThat(samples).hasSizeGreaterThan(100);
    assertThat(read).isPositive();
    assertThat(refused).isPositive();
  }

  /** One packet of each kind and dialect. */
  private static List<CapturedPacket> samples() throws WireException {
    Map<List<Object>, CapturedPacket> samples = new HashMap<>();
    for (String scenario : SCENARIOS) {
      for (CapturedConnection connection : Capture.load(scenario)) {
        for (CapturedPacket packet : connection.packets()) {
          samples.putIfAbsent(List.of(packet.packet().command(), packet.dialect()), packet);
        }
      }
    }
    return samples.entrySet().stream()
        .sorted((a, b) -> a.getKey().toString().compareTo(b.getKey().toString()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** One to four bytes are others, and now and then the end is missing. */
  private static ByteBuf changed(CapturedPacket sample, SplittableRandom random) {
    ByteBuf buffer = Unpooled.buffer().writeBytes(sample.head()).writeBytes(sample.bulk());
    int length = buffer.readableBytes();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int index = random.nextInt(Math.min(length, 64));
      int value = random.nextInt(4) == 0 ? random.nextInt(256) : 1 << random.nextInt(8);
      buffer.setByte(index, buffer.getByte(index) ^ value);
    }
    if (random.nextInt(8) == 0) {
      buffer.writerIndex(random.nextInt(length));
    }
    return buffer;
  }
}
