package io.jdrbd.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.nbd.protocol.NbdCommand;
import io.jdrbd.nbd.protocol.NbdMagic;
import io.jdrbd.nbd.protocol.NbdOption;
import io.jdrbd.nbd.server.RawClient.Simple;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HostileClientTest extends ServerTestBase {
  private static final int MAX_CONNECTIONS = 20;
  private static final int MAX_REQUESTS = 8;

  @Override
  NbdServerOptions options() {
    return NbdServerOptions.DEFAULT
        .withMaxConnections(MAX_CONNECTIONS)
        .withMaxRequests(MAX_REQUESTS)
        .withTimeouts(TimeUnit.SECONDS.toNanos(2), TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void unknownClientFlags() throws IOException {
    try (RawClient client = RawClient.connect(server.socket())) {
      client.readGreeting();
      client.sendInt(0x80000001);
      assertThat(client.isHungUp()).isTrue();
    }
    assertServes();
  }

  @Test
  void anotherProtocol() throws IOException {
    try (RawClient client = RawClient.connect(server.socket())) {
      client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(client.isHungUp()).isTrue();
    }
    assertServes();
  }

  @Test
  void wrongOptionMagic() throws IOException {
    try (RawClient client = RawClient.greeted(server.socket())) {
      client.send(new byte[16]);
      assertThat(client.isHungUp()).isTrue();
    }
    assertServes();
  }

  @Test
  void hugeOption() throws IOException {
    try (RawClient client = RawClient.greeted(server.socket())) {
      client.optionHeader(NbdOption.GO.number(), -1);
      assertThat(client.isHungUp()).isTrue();
    }
    assertServes();
  }

  @Test
  void handshakeThatNeverEnds() throws IOException {
    try (RawClient client = RawClient.connect(server.socket())) {
      assertThat(client.isHungUp()).isTrue();
    }
    assertServes();
  }

  @Test
  void wrongRequestMagic() throws IOException {
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      client.request(NbdMagic.EXTENDED_REQUEST, 0, 0, 1, 0, 512);
      assertThat(client.isHungUp()).isTrue();
    }
    assertServes();
  }

  @Test
  void oversizedWrite() throws IOException {
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      client.request(NbdCommand.WRITE, 0, 1, 0, (32 << 20) + 1);
      assertThat(client.isHungUp()).isTrue();
    }
    assertServes();
  }

  @Test
  void truncatedWriteChangesNothingBeyondWhatCame() throws IOException {
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      client.request(NbdCommand.WRITE, 0, 1, 0, 4096);
      client.send("x".repeat(4095).getBytes(StandardCharsets.UTF_8));
      client.shutdownOutput();
      assertThat(client.isHungUp()).isTrue();
    }
    server.await("the session is closed", () -> export.openSessions() == 0);
    assertThat(disk.bytes()).startsWith(new byte[4096]);
    assertServes();
  }

  @Test
  void halfClosedClientGetsItsReplies() throws IOException {
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      client.request(NbdCommand.READ, 0, 1, 0, 512);
      client.request(NbdCommand.FLUSH, 0, 2, 0, 0);
      client.shutdownOutput();
      assertThat(client.readSimple()).isEqualTo(new Simple(0, 1));
      assertThat(client.read(512)).hasSize(512);
      assertThat(client.readSimple()).isEqualTo(new Simple(0, 2));
      assertThat(client.isHungUp()).isTrue();
    }
  }

  @Test
  void goneWithRequestsInFlight() throws IOException {
    server.onLoop(
        () -> {
          disk.hold();
          return true;
        });
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      client.request(NbdCommand.READ, 0, 1, 0, 1 << 20);
      server.await("the read is at the disk", () -> disk.heldRequests() == 1);
    }
    server.await(
        "the connection is known to be gone",
        () -> server.server().clients().isEmpty() || export.openSessions() == 1);
    assertThat(export.openSessions()).isEqualTo(1);
    server.onLoop(
        () -> {
          disk.letGo();
          return true;
        });
    server.await("the session is closed", () -> export.openSessions() == 0);
  }

  @Test
  void requestsBeyondTheLimitWait() throws IOException {
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      server.onLoop(
          () -> {
            disk.hold();
            return true;
          });
      for (int i = 0; i < 3 * MAX_REQUESTS; i++) {
        client.request(NbdCommand.READ, 0, i, 0, 512);
      }
      server.await("the limit is reached", () -> disk.heldRequests() == MAX_REQUESTS);
      assertThat(server.onLoop(() -> server.server().clients()).getFirst().requestsInFlight())
          .isEqualTo(MAX_REQUESTS);
      server.onLoop(
          () -> {
            disk.letGo();
            return true;
          });
      for (int i = 0; i < 3 * MAX_REQUESTS; i++) {
        assertThat(client.readSimple()).isEqualTo(new Simple(0, i));
        client.read(512);
      }
    }
  }

  @Test
  void clientThatTakesNoRepliesIsCutOff() throws IOException {
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      for (int i = 0; i < MAX_REQUESTS; i++) {
        client.request(NbdCommand.READ, 0, i, 0, 4 << 20);
      }
      assertServes();
      server.await("it is cut off", () -> export.openSessions() == 0);
    }
    server.await("its memory is free", () -> server.pool().outstanding() == 0);
  }

  @Test
  void connectionsBeyondTheLimitAreHungUpOn() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < MAX_CONNECTIONS; i++) {
      clients.add(RawClient.inTransmission(server.socket(), "disk"));
    }
    try (RawClient tooMany = RawClient.connect(server.socket())) {
      assertThat(tooMany.isHungUp()).isTrue();
    }
    for (RawClient client : clients) {
      client.request(NbdCommand.FLUSH, 0, 1, 0, 0);
      assertThat(client.readSimple()).isEqualTo(new Simple(0, 1));
      client.close();
    }
    server.await("all are gone", () -> export.openSessions() == 0);
    assertServes();
  }

  @Test
  void thousandsOfConnects() throws IOException {
    for (int i = 0; i < 3000; i++) {
      RawClient.connect(server.socket()).close();
    }
    try (RawClient client = awaitPlace()) {
      client.request(NbdCommand.FLUSH, 0, 1, 0, 0);
      assertThat(client.readSimple()).isEqualTo(new Simple(0, 1));
    }
  }

  /** Those who went may not have been noticed yet. */
  private RawClient awaitPlace() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try {
        return RawClient.inTransmission(server.socket(), "disk");
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }
}
