package io.jdrbd.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.loop.EpollLoop;
import io.jdrbd.resource.ResourceOptions;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.state.Role;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import io.jdrbd.state.WriteOrdering;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The control socket: requests and events over a real one. */
@Timeout(60)
class ControlServerTest {
  private static final ResourceView RESOURCE =
      new ResourceView(
          "r0",
          3,
          Role.PRIMARY,
          Set.of(),
          false,
          WriteOrdering.FLUSH,
          ResourceOptions.defaults(),
          List.of(),
          List.of());

  private final EpollLoop loop = new EpollLoop("control-test");
  private final ControlServer server = new ControlServer(loop, new Handler());

  @TempDir private Path directory;
  private Path socket;

  @BeforeEach
  void listen() throws IOException {
    socket = directory.resolve("control.sock");
    server.listen(socket);
  }

  @AfterEach
  void endLoop() {
    loop.close();
  }

  @Test
  void theSocketIsForOwnerAndGroup() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-rw----");
  }

  @Test
  void answersRequests() throws IOException {
    try (ControlClient client = ControlClient.connect(socket)) {
      Json.Obj arguments = Json.Obj.empty().with("x", "ü");
      assertThat(client.call("echo", arguments)).isEqualTo(Reply.data(arguments));
      assertThat(client.call("refuse", Json.Obj.empty()))
          .isEqualTo(new Reply.Refused(-12, "Device is held open by someone", "by a test"));
      assertThat(client.call("incomplete", Json.Obj.empty()))
          .isEqualTo(new Reply.Failed("incomplete: 'x' is missing"));
      assertThat(client.call("break", Json.Obj.empty())).isInstanceOf(Reply.Failed.class);
      assertThat(client.call("echo", Json.Obj.empty())).isInstanceOf(Reply.Done.class);
    }
  }

  @Test
  void tellsEventsFromTheStateAtTheBeginningOn() throws IOException {
    try (ControlClient client = ControlClient.connect(socket)) {
      assertThat(client.call("events", Json.Obj.empty())).isInstanceOf(Reply.Done.class);
      assertThat(Event.fromJson(client.receive())).isEqualTo(new Event.Changed(RESOURCE));
      assertThat(Event.fromJson(client.receive())).isEqualTo(new Event.InitialStateDone());
      loop.execute(() -> server.publish(new Event.Gone("r0")));
      assertThat(Event.fromJson(client.receive())).isEqualTo(new Event.Gone("r0"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "{}",
        "{\"version\":1}",
        "{\"version\":2,\"id\":1,\"command\":\"echo\"}",
        "{\"version\":1,\"id\":\"x\",\"command\":\"echo\"}",
        "{\"version\":1,\"id\":1,\"command\":{}}",
        "[[[[",
      })
  void saysWhatIsWrongWithALineAndGoesOn(String line) throws IOException {
    try (SocketChannel client = connect()) {
      send(client, line + "\n");
      assertThat(receiveLine(client)).contains("\"reply\":\"failed\"");
      send(client, "{\"version\":1,\"id\":7,\"command\":\"echo\"}\n");
      assertThat(receiveLine(client)).contains("\"id\":7").contains("\"reply\":\"done\"");
    }
  }

  @Test
  void hangsUpOnALineThatDoesNotEnd() throws IOException {
    try (SocketChannel client = connect()) {
      send(client, "x".repeat(Limits.REQUEST_BYTES_MAX + 1));
      assertThat(receiveLine(client)).contains("request of more than 65536 bytes");
      assertThat(client.read(ByteBuffer.allocate(1))).isNegative();
    }
    stillAnswers();
  }

  @Test
  void randomBytesHarmNobody() throws IOException {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      byte[] noise = new byte[random.nextInt(2000)];
      random.nextBytes(noise);
      try (SocketChannel client = connect()) {
        client.write(ByteBuffer.wrap(noise));
      }
    }
    stillAnswers();
  }

  @Test
  void takesManyRequestsAtOnceInTheirOrder() throws IOException {
    try (ControlClient client = ControlClient.connect(socket)) {
      List<Long> ids = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        ids.add(client.send("echo", Json.Obj.empty()));
      }
      for (long id : ids) {
        assertThat(client.receive().number("id")).isEqualTo(id);
      }
    }
  }

  @Test
  void turnsAwayMoreClientsThanItCanHave() throws IOException {
    List<ControlClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < Limits.CLIENTS_MAX; i++) {
        ControlClient client = ControlClient.connect(socket);
        clients.add(client);
        client.call("echo", Json.Obj.empty());
      }
      try (ControlClient oneMore = ControlClient.connect(socket)) {
        assertThat(Reply.fromJson(oneMore.receive())).isInstanceOf(Reply.Failed.class);
        assertThatThrownBy(oneMore::receive).isInstanceOf(EOFException.class);
      }
    } finally {
      for (ControlClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void cutsOffAClientThatDoesNotReadItsEvents() throws IOException {
    Event event = new Event.Gone("x".repeat(100_000));
    try (ControlClient idle = ControlClient.connect(socket)) {
      idle.call("events", Json.Obj.empty());
      for (int i = 0; i < 100; i++) {
        loop.execute(() -> server.publish(event));
      }
      List<Event> received = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                while (true) {
                  received.add(Event.fromJson(idle.receive()));
                }
              })
          .isInstanceOf(EOFException.class);
      assertThat(received).endsWith(new Event.Overrun());
      assertThat(received).hasSizeLessThan(100);
    }
    stillAnswers();
  }

  private void stillAnswers() throws IOException {
    try (ControlClient client = ControlClient.connect(socket)) {
      assertThat(client.call("echo", Json.Obj.empty())).isInstanceOf(Reply.Done.class);
    }
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    return channel;
  }

  private static void send(SocketChannel channel, String text) throws IOException {
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String receiveLine(SocketChannel channel) throws IOException {
    StringBuilder line = new StringBuilder();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (channel.read(one.clear()) > 0 && one.get(0) != '\n') {
      line.append((char) one.get(0));
    }
    return line.toString();
  }

  private static final class Handler implements RequestHandler {
    @Override
    public CompletionStage<Reply> handle(Request request) {
      return switch (request.command()) {
        case "echo" -> CompletableFuture.completedStage(Reply.data(request.arguments()));
        case "refuse" ->
            CompletableFuture.completedStage(
                Reply.of(Verdict.refused(StateError.DEVICE_IN_USE, "by a test")));
        case "incomplete" ->
            CompletableFuture.completedStage(
                Reply.data(Json.Obj.empty().with("x", request.arguments().text("x"))));
        default -> CompletableFuture.failedStage(new IOException("broken by a test"));
      };
    }

    @Override
    public List<ResourceView> resources() {
      return List.of(RESOURCE);
    }
  }
}
