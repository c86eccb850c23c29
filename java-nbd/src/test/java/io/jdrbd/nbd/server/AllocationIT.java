package io.jdrbd.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.jdrbd.nbd.protocol.NbdCommand;
import io.jdrbd.nbd.protocol.NbdMagic;
import io.jdrbd.nbd.protocol.NbdOption;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the server allocates for a request in the steady state. Not a unit test: those run with a
 * pool that remembers where each buffer was taken, which allocates.
 */
@Timeout(120)
class AllocationIT {
  private static final int BLOCK_BYTES = 4096;
  private static final int REQUEST_BYTES = 28;
  private static final int SIMPLE_REPLY_BYTES = 16;
  private static final int DATA_CHUNK_BYTES = 28;
  private static final int DEPTH = 32;
  private static final int WARM_UP_ROUNDS = 2000;
  private static final int ROUNDS = 500;

  /** A turn of the loop costs something, too, which the requests of a turn share. */
  private static final long BYTES_PER_REQUEST_MAX = 16;

  @ParameterizedTest
  @CsvSource({"WRITE, false", "READ, false", "READ, true", "FLUSH, false"})
  void requestsAllocateNothingInTheSteadyState(NbdCommand command, boolean chunked)
      throws IOException {
    NbdOption[] options = chunked ? new NbdOption[] {NbdOption.STRUCTURED_REPLY} : new NbdOption[0];
    try (TestServer server = new TestServer()) {
      server.addMemoryExport("disk", DEPTH * BLOCK_BYTES, false);
      server.listen();
      try (RawClient client = RawClient.inTransmission(server.socket(), "disk", options)) {
        byte[] requests = requests(command);
        int replyBytes = DEPTH * replyBytes(command, chunked);
        exchange(client, requests, replyBytes, WARM_UP_ROUNDS);
        long before = allocatedBytes(server);
        exchange(client, requests, replyBytes, ROUNDS);
        long perRequest = (allocatedBytes(server) - before) / ((long) ROUNDS * DEPTH);
        assertThat(perRequest).isLessThanOrEqualTo(BYTES_PER_REQUEST_MAX);
      }
    }
  }

  private static void exchange(RawClient client, byte[] requests, int replyBytes, int rounds)
      throws IOException {
    for (int i = 0; i < rounds; i++) {
      client.send(requests);
      assertThat(client.read(replyBytes)).hasSize(replyBytes);
    }
  }

  private static byte[] requests(NbdCommand command) {
    int lengthBytes = command == NbdCommand.FLUSH ? 0 : BLOCK_BYTES;
    int payloadBytes = command == NbdCommand.WRITE ? BLOCK_BYTES : 0;
    ByteBuffer requests = ByteBuffer.allocate(DEPTH * (REQUEST_BYTES + payloadBytes));
    for (int i = 0; i < DEPTH; i++) {
      requests
          .putInt(NbdMagic.COMPACT_REQUEST)
          .putShort((short) 0)
          .putShort((short) command.number())
          .putLong(i)
          .putLong((long) i * lengthBytes)
          .putInt(lengthBytes)
          .put(new byte[payloadBytes]);
    }
    return requests.array();
  }

  private static int replyBytes(NbdCommand command, boolean chunked) {
    int headerBytes = chunked ? DATA_CHUNK_BYTES : SIMPLE_REPLY_BYTES;
    return headerBytes + (command == NbdCommand.READ ? BLOCK_BYTES : 0);
  }

  /** By the thread of the server's loop. */
  private static long allocatedBytes(TestServer server) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return server.onLoop(threads::getCurrentThreadAllocatedBytes);
  }
}
