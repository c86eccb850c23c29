package io.jdrbd.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.nbd.protocol.NbdMagic;
import io.jdrbd.nbd.protocol.NbdOption;
import io.jdrbd.nbd.protocol.OptionReply;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * Checks that a server has sent messages of the protocol and nothing else. The last one may be cut
 * off: a server that hangs up does so at once.
 */
final class LegalAnswers {
  /** A block status of 4096 extents, or data; more is never in one message here. */
  private static final long MESSAGE_BYTES_MAX = 128 << 10;

  private static final Set<Integer> CHUNK_TYPES = Set.of(0, 1, 2, 5, 6, 0x8001, 0x8002);
  private static final Set<Integer> ERRORS = Set.of(0, 1, 5, 12, 22, 28, 75, 95, 108);

  private LegalAnswers() {}

  /** Replies to options; when the client has entered the transmission phase, the rest is free. */
  static void assertHandshake(byte[] answers, long exportBytes) {
    try {
      readHandshake(ByteBuffer.wrap(answers), exportBytes);
    } catch (BufferUnderflowException cutOff) {
      assertThat(answers).isNotEmpty();
    }
  }

  private static void readHandshake(ByteBuffer in, long exportBytes) {
    while (in.hasRemaining()) {
      long magic = in.getLong();
      if (magic != NbdMagic.OPTION_REPLY) {
        assertThat(magic).as("size in the answer to EXPORT_NAME").isEqualTo(exportBytes);
        return;
      }
      int option = in.getInt();
      OptionReply reply = OptionReply.of(in.getInt()).orElseThrow();
      int lengthBytes = in.getInt();
      skip(in, lengthBytes);
      if (option == NbdOption.GO.number() && reply == OptionReply.ACK) {
        return;
      }
    }
  }

  /** Chunks, and simple replies without data. */
  static void assertTransmission(byte[] answers) {
    try {
      readTransmission(ByteBuffer.wrap(answers));
    } catch (BufferUnderflowException cutOff) {
      assertThat(answers).isNotEmpty();
    }
  }

  private static void readTransmission(ByteBuffer in) {
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
    skip(in, extended ? in.getLong() : in.getInt());
  }

  private static void skip(ByteBuffer in, long lengthBytes) {
    assertThat(lengthBytes).isBetween(0L, MESSAGE_BYTES_MAX);
    if (lengthBytes > in.remaining()) {
      throw new BufferUnderflowException();
    }
    in.position(in.position() + (int) lengthBytes);
  }
}
