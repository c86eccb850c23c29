package io.jdrbd.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.nbd.protocol.NbdMagic;
import io.jdrbd.nbd.protocol.NbdOption;
import io.jdrbd.nbd.protocol.OptionReply;
import java.nio.ByteBuffer;
import java.util.Set;

/** Checks that a server has sent whole messages of the protocol and nothing else. */
final class LegalAnswers {
  private static final Set<Integer> CHUNK_TYPES = Set.of(0, 1, 2, 5, 6, 0x8001, 0x8002);
  private static final Set<Integer> ERRORS = Set.of(0, 1, 5, 12, 22, 28, 75, 95, 108);

  private LegalAnswers() {}

  /** Replies to options; when the client has entered the transmission phase, the rest is free. */
  static void assertHandshake(byte[] answers, long exportBytes) {
    ByteBuffer in = ByteBuffer.wrap(answers);
    while (in.hasRemaining()) {
      long magic = in.getLong();
      if (magic != NbdMagic.OPTION_REPLY) {
        assertThat(magic).as("size in the answer to EXPORT_NAME").isEqualTo(exportBytes);
        return;
      }
      int option = in.getInt();
      OptionReply reply = OptionReply.of(in.getInt()).orElseThrow();
      int lengthBytes = in.getInt();
      assertThat(lengthBytes).isBetween(0, in.remaining());
      in.position(in.position() + lengthBytes);
      if (option == NbdOption.GO.number() && reply == OptionReply.ACK) {
        return;
      }
    }
  }

  /** Chunks, and simple replies without data. */
  static void assertTransmission(byte[] answers) {
    ByteBuffer in = ByteBuffer.wrap(answers);
    while (in.hasRemaining()) {
      int magic = in.getInt();
      if (magic == NbdMagic.SIMPLE_REPLY) {
        assertThat(ERRORS).contains(in.getInt());
        in.getLong();
      } else {
        assertThat(magic).isIn(NbdMagic.STRUCTURED_REPLY, NbdMagic.EXTENDED_REPLY);
        skipChunk(in, magic == NbdMagic.EXTENDED_REPLY);
      }
    }
  }

  private static void skipChunk(ByteBuffer in, boolean extended) {
    assertThat(in.getShort()).isBetween((short) 0, (short) 1);
    assertThat(CHUNK_TYPES).contains(Short.toUnsignedInt(in.getShort()));
    in.getLong();
    if (extended) {
      in.getLong();
    }
    long lengthBytes = extended ? in.getLong() : in.getInt();
    assertThat(lengthBytes).isBetween(0L, (long) in.remaining());
    in.position(in.position() + (int) lengthBytes);
  }
}
