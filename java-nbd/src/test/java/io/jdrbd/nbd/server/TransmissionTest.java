package io.jdrbd.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.disk.Errno;
import io.jdrbd.nbd.protocol.ChunkType;
import io.jdrbd.nbd.protocol.CommandFlag;
import io.jdrbd.nbd.protocol.NbdCommand;
import io.jdrbd.nbd.protocol.NbdError;
import io.jdrbd.nbd.protocol.NbdMagic;
import io.jdrbd.nbd.protocol.NbdOption;
import io.jdrbd.nbd.server.RawClient.Chunk;
import io.jdrbd.nbd.server.RawClient.Simple;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransmissionTest extends ServerTestBase {
  private static final long COOKIE = 0xfeedL;

  @ParameterizedTest
  @ValueSource(ints = {1, 511, 4096, 5000, 65_536, 100_001, 1 << 20, (1 << 20) + 1, 5_000_001})
  void whatIsWrittenIsRead(int length) throws IOException {
    byte[] data = new byte[length];
    new Random(length).nextBytes(data);
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      client.request(NbdCommand.WRITE, 0, COOKIE, 77, length);
      client.send(data);
      assertThat(client.readSimple()).isEqualTo(new Simple(0, COOKIE));
      client.request(NbdCommand.READ, 0, COOKIE + 1, 77, length);
      assertThat(client.readSimple()).isEqualTo(new Simple(0, COOKIE + 1));
      assertThat(client.read(length)).isEqualTo(data);
    }
    assertThat(disk.bytes()).startsWith(new byte[77]).containsSequence(data);
  }

  @ParameterizedTest
  @CsvSource({"STRUCTURED_REPLY, 3000000", "EXTENDED_HEADERS, 3000000", "STRUCTURED_REPLY, 4096"})
  void chunksCoverALongRead(NbdOption mode, int length) throws IOException {
    new Random(1).nextBytes(disk.bytes());
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk", mode)) {
      read(client, mode, 0, 1000, length);
      byte[] received = new byte[length];
      Chunk chunk;
      int total = 0;
      do {
        chunk = client.readChunk();
        assertThat(chunk.type()).isEqualTo(ChunkType.OFFSET_DATA.number());
        ByteBuffer payload = ByteBuffer.wrap(chunk.payload());
        int at = (int) payload.getLong() - 1000;
        total += payload.remaining();
        payload.get(received, at, payload.remaining());
      } while (!chunk.done());
      assertThat(total).isEqualTo(length);
      assertThat(received).isEqualTo(Arrays.copyOfRange(disk.bytes(), 1000, 1000 + length));
    }
  }

  @Test
  void unfragmentedReadIsOneChunk() throws IOException {
    try (RawClient client =
        RawClient.inTransmission(server.socket(), "disk", NbdOption.STRUCTURED_REPLY)) {
      read(client, NbdOption.STRUCTURED_REPLY, CommandFlag.DF.bit(), 0, 4 << 20);
      Chunk chunk = client.readChunk();
      assertThat(chunk.done()).isTrue();
      assertThat(chunk.payload()).hasSize((4 << 20) + 8);
    }
  }

  @Test
  void smallReadPassesALargeOne() throws IOException {
    try (RawClient client =
        RawClient.inTransmission(server.socket(), "disk", NbdOption.STRUCTURED_REPLY)) {
      server.onLoop(
          () -> {
            disk.hold();
            return true;
          });
      client.request(NbdCommand.READ, 0, 1, 0, DISK_BYTES);
      client.request(NbdCommand.READ, 0, 2, 0, 512);
      server.await("both are at the disk", () -> disk.heldRequests() == 5);
      server.onLoop(
          () -> {
            disk.letGo();
            return true;
          });
      int before = 0;
      while (client.readChunk().cookie() == 1) {
        before++;
      }
      assertThat(before).isLessThanOrEqualTo(4);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // type, flags, offset, length, error
    "READ, 0, 8388608, 512, EINVAL",
    "READ, 0, 8388600, 512, EINVAL",
    "READ, 0, -1, 512, EINVAL",
    "READ, 0, 0, 0, EINVAL",
    "READ, 0, 0, 33554433, EINVAL",
    "READ, 4, 0, 512, EINVAL",
    "READ, 2, 0, 512, EINVAL",
    "WRITE, 0, 8388608, 512, ENOSPC",
    "WRITE, 0, -512, 512, ENOSPC",
    "WRITE, 32, 0, 512, EINVAL",
    "WRITE, 16, 0, 512, EINVAL",
    "TRIM, 0, 8388000, 1000, EINVAL",
    "TRIM, 2, 0, 512, EINVAL",
    "WRITE_ZEROES, 0, 8388000, 1000, ENOSPC",
    "WRITE_ZEROES, 64, 0, 1000, EINVAL",
    "CACHE, 0, 8388000, 1000, EINVAL",
    "BLOCK_STATUS, 0, 0, 1000, EINVAL",
    "FLUSH, 8, 0, 0, EINVAL",
  })
  void refusedRequests(NbdCommand command, int flags, long offset, int length, NbdError error)
      throws IOException {
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      client.request(command, flags, COOKIE, offset, length);
      if (command == NbdCommand.WRITE) {
        client.send(new byte[length]);
      }
      assertThat(client.readSimple()).isEqualTo(new Simple(error.number(), COOKIE));
      client.request(NbdCommand.FLUSH, 0, 2, 0, 0);
      assertThat(client.readSimple()).isEqualTo(new Simple(0, 2));
    }
  }

  @Test
  void unknownCommand() throws IOException {
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      client.request(NbdMagic.COMPACT_REQUEST, 0, 8, COOKIE, 0, 4096);
      assertThat(client.readSimple()).isEqualTo(new Simple(NbdError.EINVAL.number(), COOKIE));
    }
  }

  @ParameterizedTest
  @CsvSource({"WRITE", "TRIM", "WRITE_ZEROES"})
  void readOnlyExportsAreNotChanged(NbdCommand command) throws IOException {
    server.add(new TestExport("ro", server.loop(), disk, true));
    try (RawClient client = RawClient.inTransmission(server.socket(), "ro")) {
      client.request(command, 0, COOKIE, 0, 512);
      if (command == NbdCommand.WRITE) {
        client.send(new byte[512]);
      }
      assertThat(client.readSimple()).isEqualTo(new Simple(NbdError.EPERM.number(), COOKIE));
    }
  }

  @ParameterizedTest
  @CsvSource({"EIO, EIO", "ENOSPC, ENOSPC", "EREMOTEIO, EIO", "EOPNOTSUPP, ENOTSUP"})
  void diskErrors(Errno errno, NbdError error) throws IOException {
    disk.failWith(Optional.of(errno));
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      client.request(NbdCommand.READ, 0, 1, 0, 512);
      assertThat(client.readSimple()).isEqualTo(new Simple(error.number(), 1));
      client.request(NbdCommand.WRITE, 0, 2, 0, 3 << 20);
      client.send(new byte[3 << 20]);
      assertThat(client.readSimple()).isEqualTo(new Simple(error.number(), 2));
      client.request(NbdCommand.FLUSH, 0, 3, 0, 0);
      assertThat(client.readSimple()).isEqualTo(new Simple(error.number(), 3));
    }
  }

  @Test
  void failedLongReadEndsWithOneError() throws IOException {
    disk.failWith(Optional.of(Errno.EIO));
    try (RawClient client =
        RawClient.inTransmission(server.socket(), "disk", NbdOption.STRUCTURED_REPLY)) {
      client.request(NbdCommand.READ, 0, COOKIE, 0, DISK_BYTES);
      Chunk chunk = client.readChunk();
      assertThat(chunk.type()).isEqualTo(ChunkType.ERROR.number());
      assertThat(chunk.done()).isTrue();
      assertThat(ByteBuffer.wrap(chunk.payload()).getInt()).isEqualTo(NbdError.EIO.number());
      client.request(NbdCommand.FLUSH, 0, 2, 0, 0);
      assertThat(client.readSimple().cookie()).isEqualTo(2);
    }
  }

  @Test
  void trimWithFuaIsFlushed() throws IOException {
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      client.request(NbdCommand.TRIM, CommandFlag.FUA.bit(), COOKIE, 0, 8192);
      assertThat(client.readSimple()).isEqualTo(new Simple(0, COOKIE));
    }
    assertThat(disk.flushes()).isEqualTo(1);
  }

  @Test
  void blockStatus() throws IOException {
    try (RawClient client =
        RawClient.inTransmission(
            server.socket(), "disk", NbdOption.STRUCTURED_REPLY, NbdOption.SET_META_CONTEXT)) {
      client.request(NbdCommand.WRITE, 0, 1, 8192, 4096);
      client.send(new byte[4096]);
      client.readSimple();
      client.request(NbdCommand.BLOCK_STATUS, 0, COOKIE, 4096, 65_536);
      ByteBuffer status = ByteBuffer.wrap(client.readChunk().payload());
      assertThat(ints(status)).containsExactly(1, 4096, 3, 4096, 0, 57_344, 3);
      client.request(NbdCommand.BLOCK_STATUS, CommandFlag.REQ_ONE.bit(), COOKIE, 4096, 65_536);
      assertThat(ints(ByteBuffer.wrap(client.readChunk().payload()))).containsExactly(1, 4096, 3);
    }
  }

  @Test
  void extendedBlockStatusWithPayload() throws IOException {
    try (RawClient client =
        RawClient.inTransmission(
            server.socket(), "disk", NbdOption.EXTENDED_HEADERS, NbdOption.SET_META_CONTEXT)) {
      statusWithPayload(client, 1, 1);
      ByteBuffer status = ByteBuffer.wrap(client.readChunk().payload());
      assertThat(status.getInt()).isEqualTo(1);
      assertThat(status.getInt()).isEqualTo(1);
      assertThat(status.getLong()).isEqualTo(DISK_BYTES);
      assertThat(status.getLong()).isEqualTo(3);
      statusWithPayload(client, 2, 9);
      Chunk refused = client.readChunk();
      assertThat(refused.type()).isEqualTo(ChunkType.ERROR.number());
      client.extendedRequest(NbdCommand.BLOCK_STATUS, 0, 3, 0, 1L << 40);
      assertThat(client.readChunk().type()).isEqualTo(ChunkType.ERROR.number());
    }
  }

  @Test
  void extendedWriteAndZeroes() throws IOException {
    try (RawClient client =
        RawClient.inTransmission(server.socket(), "disk", NbdOption.EXTENDED_HEADERS)) {
      client.extendedRequest(NbdCommand.WRITE, CommandFlag.PAYLOAD_LEN.bit(), 1, 0, 4096);
      client.send("x".repeat(4096).getBytes(StandardCharsets.UTF_8));
      assertThat(client.readChunk()).extracting(Chunk::type, Chunk::cookie).containsExactly(0, 1L);
      client.extendedRequest(NbdCommand.WRITE_ZEROES, 0, 2, 0, DISK_BYTES);
      assertThat(client.readChunk()).extracting(Chunk::type, Chunk::cookie).containsExactly(0, 2L);
      client.extendedRequest(NbdCommand.FLUSH, CommandFlag.PAYLOAD_LEN.bit(), 3, 0, 64);
      client.send(new byte[64]);
      assertThat(client.readChunk().type()).isEqualTo(ChunkType.ERROR.number());
      client.extendedRequest(NbdCommand.FLUSH, 0, 4, 0, 0);
      assertThat(client.readChunk().cookie()).isEqualTo(4);
    }
    assertThat(disk.bytes()).startsWith(new byte[4096]);
  }

  @Test
  void requestsInFlightAreAnsweredAfterDisconnect() throws IOException {
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      server.onLoop(
          () -> {
            disk.hold();
            return true;
          });
      client.request(NbdCommand.WRITE, 0, COOKIE, 0, 512);
      client.send(new byte[512]);
      client.request(NbdCommand.DISC, 0, 0, 0, 0);
      server.await("the write is at the disk", () -> disk.heldRequests() == 1);
      server.onLoop(
          () -> {
            disk.letGo();
            return true;
          });
      assertThat(client.readSimple()).isEqualTo(new Simple(0, COOKIE));
      assertThat(client.isHungUp()).isTrue();
    }
    server.await("the session is closed", () -> export.openSessions() == 0);
  }

  @Test
  void countersAndClients() throws IOException {
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      client.request(NbdCommand.READ, 0, 1, 0, 512);
      client.readSimple();
      client.read(512);
      client.request(NbdCommand.READ, 0, 2, DISK_BYTES, 512);
      client.readSimple();
      ExportCounters.Snapshot counters =
          server.onLoop(() -> server.server().exports().counters("disk").orElseThrow());
      assertThat(counters).isEqualTo(new ExportCounters.Snapshot(1, 1, 512, 0, 0, 0, 0, 0, 1));
      assertThat(server.onLoop(() -> server.server().clients()))
          .singleElement()
          .satisfies(
              info -> {
                assertThat(info.address()).contains("pid=" + ProcessHandle.current().pid());
                assertThat(info.exportName()).isEqualTo("disk");
              });
    }
    server.await("nobody is connected", () -> server.server().clients().isEmpty());
  }

  private static void read(RawClient client, NbdOption mode, int flags, long offset, int length)
      throws IOException {
    if (mode == NbdOption.EXTENDED_HEADERS) {
      client.extendedRequest(NbdCommand.READ, flags, COOKIE, offset, length);
    } else {
      client.request(NbdCommand.READ, flags, COOKIE, offset, length);
    }
  }

  private static void statusWithPayload(RawClient client, long cookie, int context)
      throws IOException {
    client.extendedRequest(NbdCommand.BLOCK_STATUS, CommandFlag.PAYLOAD_LEN.bit(), cookie, 0, 12);
    client.send(ByteBuffer.allocate(12).putLong(DISK_BYTES).putInt(context).array());
  }

  private static int[] ints(ByteBuffer bytes) {
    int[] ints = new int[bytes.remaining() / Integer.BYTES];
    bytes.asIntBuffer().get(ints);
    return ints;
  }
}
