package io.jdrbd.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.export.Export.Access;
import io.jdrbd.nbd.protocol.NbdCommand;
import io.jdrbd.nbd.protocol.NbdError;
import io.jdrbd.nbd.protocol.TransmissionFlag;
import io.jdrbd.nbd.server.RawClient.Simple;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Listening, sockets that are handed over, and exports that come and go. */
class ServingTest extends ServerTestBase {

  @Test
  void socketIsItsOwnersOnly() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.socket())))
        .isEqualTo("rw-------");
    assertThat(server.directory()).isDirectoryNotContaining("glob:**~");
  }

  @Test
  void socketThatIsServedIsNotTaken() {
    assertThatThrownBy(server::listen)
        .hasRootCauseMessage(
            "cannot listen on unix:%s: another process listens there".formatted(server.socket()));
  }

  @Test
  void staleSocketIsReplaced() throws IOException {
    Path stale = server.directory().resolve("stale.sock");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(stale))
        .close();
    assertThat(stale).exists();
    NbdListener listener = server.listen(NbdAddress.Unix.ownerOnly(stale), TlsPolicy.OFF);
    RawClient.inTransmission(stale, "disk").close();
    listener.close();
    server.await("the file is removed", () -> !Files.exists(stale));
  }

  @Test
  void otherFilesAreNotReplaced() throws IOException {
    Path file = Files.createFile(server.directory().resolve("file"));
    assertThatThrownBy(() -> server.listen(NbdAddress.Unix.ownerOnly(file), TlsPolicy.OFF))
        .hasRootCauseMessage(
            "cannot listen on unix:%s: the file exists and is not a socket".formatted(file));
    assertThat(file).exists();
  }

  @Test
  void pathsThatAreTooLong() {
    Path path = Path.of("/tmp/" + "x".repeat(102));
    assertThatThrownBy(() -> server.listen(NbdAddress.Unix.ownerOnly(path), TlsPolicy.OFF))
        .hasRootCauseMessage(
            "cannot listen on unix:%s: the path has 107 bytes, at most 106 are possible"
                .formatted(path));
  }

  @Test
  void portThatIsTaken() {
    NbdAddress any = new NbdAddress.Tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    NbdListener listener = server.listen(any, TlsPolicy.OFF);
    assertThatThrownBy(() -> server.listen(listener.address(), TlsPolicy.OFF))
        .hasMessageContaining("cannot listen on " + listener.address());
  }

  @Test
  void socketThatIsHandedOver() throws IOException {
    Path path = server.directory().resolve("pair.sock");
    try (ServerSocketChannel acceptor = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      acceptor.bind(UnixDomainSocketAddress.of(path));
      ServedSocket served = serve(connect(path), Access.READ_WRITE);
      assertThat(served.info().sizeBytes()).isEqualTo(DISK_BYTES);
      assertThat(served.info().flags())
          .contains(TransmissionFlag.SEND_FUA, TransmissionFlag.CAN_MULTI_CONN)
          .doesNotContain(TransmissionFlag.SEND_DF, TransmissionFlag.READ_ONLY);
      try (RawClient client = RawClient.of(acceptor.accept())) {
        client.request(NbdCommand.WRITE, 0, 1, 0, 4096);
        client.send(new byte[4096]);
        assertThat(client.readSimple()).isEqualTo(new Simple(0, 1));
        assertThat(server.onLoop(() -> server.server().clients()))
            .extracting(ClientInfo::address)
            .containsExactly("kernel:/dev/nbd0");
        served.close();
        assertThat(client.isHungUp()).isTrue();
      }
      TestServer.get(served.ended().toCompletableFuture());
      assertThat(export.openSessions()).isZero();
      Files.delete(path);
    }
  }

  @Test
  void socketThatIsHandedOverForReading() throws IOException {
    Path path = server.directory().resolve("pair.sock");
    try (ServerSocketChannel acceptor = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      acceptor.bind(UnixDomainSocketAddress.of(path));
      ServedSocket served = serve(connect(path), Access.READ_ONLY);
      assertThat(served.info().flags()).contains(TransmissionFlag.READ_ONLY);
      try (RawClient client = RawClient.of(acceptor.accept())) {
        client.request(NbdCommand.TRIM, 0, 1, 0, 4096);
        assertThat(client.readSimple()).isEqualTo(new Simple(NbdError.EPERM.number(), 1));
      }
      TestServer.get(served.ended().toCompletableFuture());
      Files.delete(path);
    }
  }

  @Test
  void removalFinishesWhatIsInFlight() throws IOException {
    try (RawClient client = RawClient.inTransmission(server.socket(), "disk")) {
      server.onLoop(
          () -> {
            disk.hold();
            return true;
          });
      client.request(NbdCommand.FLUSH, 0, 1, 0, 0);
      server.await("the flush is at the disk", () -> disk.heldRequests() == 1);
      CompletableFuture<Void> removed =
          server.onLoop(() -> server.server().exports().remove("disk")).toCompletableFuture();
      assertThat(removed).isNotDone();
      try (RawClient late = RawClient.greeted(server.socket())) {
        late.option(7, RawClient.infoQuery("disk"));
        assertThat(late.readReply().text()).isEqualTo("there is no export disk");
      }
      server.onLoop(
          () -> {
            disk.letGo();
            return true;
          });
      assertThat(client.readSimple()).isEqualTo(new Simple(0, 1));
      assertThat(client.isHungUp()).isTrue();
      TestServer.get(removed);
    }
    assertThat(export.openSessions()).isZero();
  }

  @Test
  void namesAreUnique() {
    assertThatThrownBy(() -> server.add(export)).hasRootCauseMessage("export disk exists already");
  }

  private ServedSocket serve(int fd, Access access) {
    CompletionStage<ServedSocket> served =
        server.onLoop(() -> server.server().serve(fd, export, access, "kernel:/dev/nbd0"));
    return TestServer.get(served.toCompletableFuture());
  }

  /** A connected socket of which nobody but its number knows. */
  private static int connect(Path path) throws IOException {
    Epoll.ensureAvailability();
    Socket socket = Socket.newSocketDomain();
    socket.connect(new DomainSocketAddress(path.toFile()));
    return socket.intValue();
  }
}
