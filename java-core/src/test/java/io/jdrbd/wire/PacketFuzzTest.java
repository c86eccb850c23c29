package io.jdrbd.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Assertions;

/**
 * Reads what a fuzzer thinks of. The normal build reads the inputs under {@code
 * src/test/resources}: beginnings of recorded streams. To search for new ones:
 *
 * <pre>
 *   JAZZER_FUZZ=1 mvn -pl java-core -am test -Dtest=PacketFuzzTest#stream \
 *       -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class PacketFuzzTest {
  private static final int[] VERSIONS = {86, 87, 88, 94, 95, 100, 101, 110, 118, 121, 123, 124};

  /**
   * One direction of a stream. The first byte chooses stream and version, the second and third the
   * features, the fourth the digest.
   */
  @FuzzTest(maxDuration = "3m")
  void stream(byte[] input) {
    if (input.length < 4) {
      return;
    }
    ByteBuf in = Unpooled.wrappedBuffer(input);
    int choice = in.readUnsignedByte();
    WireDialect dialect =
        new WireDialect(
            VERSIONS[(choice >>> 1) % VERSIONS.length],
            in.readUnsignedShort(),
            in.readUnsignedByte() % (WireDialect.DIGEST_BYTES_MAX + 1));
    StreamKind stream = (choice & 1) == 0 ? StreamKind.DATA : StreamKind.CONTROL;
    try {
      new GarbageReader(stream, dialect).read(in);
    } catch (WireException e) {
      Assertions.assertFalse(e.getMessage().isEmpty());
    }
  }
}
