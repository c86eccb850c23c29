package io.jdrbd.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.transport.ConnectAttempt;
import io.jdrbd.transport.ConnectPlan;
import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.PeerLink;
import io.jdrbd.transport.TransportOptions;
import io.jdrbd.transport.connect.GreetingPeer;
import io.jdrbd.transport.connect.GreetingPeer.Pace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two transports over loopback: 127.0.0.2 and 127.0.0.3, which has the greater address. */
class TcpConnectTest {
  private static final byte[] INITIAL_DATA = HexFormat.of().parseHex("83740267fff20000");

  private final Side lesser = new Side("lesser", 1);
  private final Side greater = new Side("greater", 2);
  private PathAddresses path;

  @BeforeEach
  void choosePort() {
    path = freePath("127.0.0.2", "127.0.0.3");
  }

  @AfterEach
  void close() {
    lesser.close();
    greater.close();
  }

  /** Below the ports that the kernel gives away by itself. */
  private static PathAddresses freePath(String localIp, String peerIp) {
    int port = ThreadLocalRandom.current().nextInt(10_000, 30_000);
    return Side.path(localIp, port, peerIp, port);
  }

  private PeerLink[] bothLinks() throws Exception {
    PeerLink one = lesser.link();
    PeerLink other = greater.link();
    assertThat(one.resolveConflicts()).isNotEqualTo(other.resolveConflicts());
    assertThat(other.path()).isEqualTo(Side.turned(one.path()));
    return new PeerLink[] {one, other};
  }

  /** Both links are the two ends of the same streams. */
  private void talk(PeerLink one, PeerLink other) throws Exception {
    Wire data = new Wire(lesser, one.data());
    Wire control = new Wire(lesser, one.control());
    Wire otherData = new Wire(greater, other.data());
    Wire otherControl = new Wire(greater, other.control());
    data.send("data from lesser");
    control.send("control from lesser");
    otherData.send("data from greater");
    otherControl.send("control from greater");
    assertThat(data.receive(17)).isEqualTo("data from greater");
    assertThat(control.receive(20)).isEqualTo("control from greater");
    assertThat(otherData.receive(16)).isEqualTo("data from lesser");
    assertThat(otherControl.receive(19)).isEqualTo("control from lesser");
  }

  private void close(Side side, PeerLink link) throws Exception {
    side.onLoop(
        () -> {
          link.close();
          return true;
        });
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.2, 127.0.0.3", "::1, ::1"})
  void bothAtOnce(String localIp, String peerIp) throws Exception {
    int port = path.local().getPort();
    PathAddresses both = Side.path(localIp, port, peerIp, port + 1);
    lesser.connect(Side.QUICK, both);
    greater.connect(Side.QUICK, Side.turned(both));
    PeerLink[] links = bothLinks();
    talk(links[0], links[1]);
    close(lesser, links[0]);
    close(greater, links[1]);
  }

  /** Two hundred connections, both ends of each begun one after the other without a pause. */
  @Test
  void manyAtOnce() throws Exception {
    int count = 200;
    List<GreetingPeer> peers = new ArrayList<>();
    CountDownLatch connected = new CountDownLatch(2 * count);
    for (int i = 0; i < count; i++) {
      int port = 30_000 + i;
      PathAddresses each = Side.path("127.0.1.2", port, "127.0.1.3", port);
      peers.add(begin(lesser, each, connected));
      peers.add(begin(greater, Side.turned(each), connected));
    }
    assertThat(connected.await(60, TimeUnit.SECONDS)).as("%s are missing", connected).isTrue();
    for (int i = 0; i < peers.size(); i++) {
      Side side = i % 2 == 0 ? lesser : greater;
      side.onLoop(stopping(peers.get(i)));
    }
  }

  private static GreetingPeer begin(Side side, PathAddresses path, CountDownLatch connected)
      throws Exception {
    Pace pace =
        new Pace(
            TimeUnit.SECONDS.toNanos(2),
            TimeUnit.MILLISECONDS.toNanos(200),
            TimeUnit.SECONDS.toNanos(10),
            TimeUnit.SECONDS.toNanos(10));
    ConnectPlan plan = new ConnectPlan("many", List.of(path), Side.QUICK);
    return side.onLoop(
        () ->
            new GreetingPeer(
                side.loop(),
                side.transport(),
                plan,
                pace,
                said -> {
                  if (said.startsWith("connected")) {
                    connected.countDown();
                  }
                }));
  }

  private static Callable<Boolean> stopping(GreetingPeer peer) {
    return () -> {
      peer.stop();
      return true;
    };
  }

  @Test
  void theLesserWaitsForTheGreater() throws Exception {
    lesser.connect(Side.QUICK, path);
    assertThat(lesser.waiting()).contains(path.toString(), "Connection refused");
    greater.connect(Side.QUICK, Side.turned(path));
    PeerLink[] links = bothLinks();
    assertThat(links[0].resolveConflicts()).isFalse();
    talk(links[0], links[1]);
  }

  @Test
  void theGreaterWaitsForTheLesser() throws Exception {
    greater.connect(Side.QUICK, Side.turned(path));
    assertThat(greater.waiting()).contains("Connection refused");
    lesser.connect(Side.QUICK, path);
    PeerLink[] links = bothLinks();
    talk(links[0], links[1]);
  }

  @Test
  void anEndedConnectionIsMadeAgain() throws Exception {
    for (int i = 0; i < 3; i++) {
      lesser.connect(Side.QUICK, path);
      greater.connect(Side.QUICK, Side.turned(path));
      PeerLink[] links = bothLinks();
      talk(links[0], links[1]);
      close(lesser, links[0]);
      close(greater, links[1]);
    }
  }

  @Test
  void nobodyListensWhenConnected() throws Exception {
    lesser.connect(Side.QUICK, path);
    greater.connect(Side.QUICK, Side.turned(path));
    bothLinks();
    assertThatThrownBy(() -> call("127.0.0.3", path.local()).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("refused");
  }

  @Test
  void aPortInUseIsToldAndEndsTheAttempt() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(path.local());
      lesser.connect(Side.QUICK, path);
      assertThat(lesser.failure())
          .isEqualTo(
              "cannot listen on 127.0.0.2:%d: Address already in use"
                  .formatted(path.local().getPort()));
    }
  }

  @Test
  void anAddressThatIsMissingIsWaitedFor() throws Exception {
    lesser.connect(Side.QUICK, Side.path("192.0.2.1", 7789, "192.0.2.2", 7789));
    assertThat(lesser.waiting())
        .isEqualTo("cannot listen on 192.0.2.1:7789: Cannot assign requested address");
    assertThat(lesser.isUndecided()).isTrue();
  }

  @Test
  void aStrangerIsShutOut() throws Exception {
    lesser.connect(Side.QUICK, path);
    lesser.waiting();
    try (Socket stranger = call("127.0.0.4", path.local())) {
      stranger.getOutputStream().write(INITIAL_DATA);
      assertThat(readsEnd(stranger)).isTrue();
    }
    greater.connect(Side.QUICK, Side.turned(path));
    PeerLink[] links = bothLinks();
    talk(links[0], links[1]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"83740267fff30000", "8620ec20fff20000", "47455420", ""})
  void aBadFirstPacketIsShutOut(String bytes) throws Exception {
    lesser.connect(Side.QUICK, path);
    lesser.waiting();
    try (Socket peer = call("127.0.0.3", path.local())) {
      peer.getOutputStream().write(HexFormat.of().parseHex(bytes));
      assertThat(readsEnd(peer)).isTrue();
    }
    greater.connect(Side.QUICK, Side.turned(path));
    PeerLink[] links = bothLinks();
    talk(links[0], links[1]);
  }

  @Test
  void aSlowCallerDoesNotHoldUpTheOthers() throws Exception {
    lesser.connect(Side.QUICK, path);
    lesser.waiting();
    try (Socket silent = call("127.0.0.3", path.local())) {
      silent.getOutputStream().write(INITIAL_DATA, 0, 7);
      greater.connect(Side.QUICK, Side.turned(path));
      PeerLink[] links = bothLinks();
      talk(links[0], links[1]);
    }
  }

  @Test
  void aCallerThatIsGoneDoesNotCount() throws Exception {
    lesser.connect(Side.QUICK, path);
    lesser.waiting();
    for (int i = 0; i < 20; i++) {
      try (Socket dead = call("127.0.0.3", path.local())) {
        dead.setSoLinger(true, 0);
      }
      try (Socket gone = call("127.0.0.3", path.local())) {
        gone.getOutputStream().write(INITIAL_DATA);
      }
    }
    greater.connect(Side.QUICK, Side.turned(path));
    PeerLink[] links = bothLinks();
    talk(links[0], links[1]);
  }

  @Test
  void aStoppedAttemptFreesTheAddress() throws Exception {
    ConnectAttempt attempt = lesser.connect(Side.QUICK, path);
    lesser.waiting();
    lesser.onLoop(
        () -> {
          attempt.stop();
          attempt.stop();
          return true;
        });
    try (ServerSocket free = new ServerSocket()) {
      free.bind(path.local());
    }
    assertThat(lesser.isUndecided()).isTrue();
  }

  @Test
  void connectionsOfAResourceShareAListener() throws Exception {
    PathAddresses other =
        Side.path("127.0.0.2", path.local().getPort(), "127.0.0.4", path.peer().getPort());
    try (Side third = new Side("third", 3)) {
      lesser.connect(Side.QUICK, path);
      lesser.waiting();
      lesser.connect(Side.QUICK, other);
      lesser.waiting();
      third.connect(Side.QUICK, Side.turned(other));
      assertThat(lesser.link().path()).isEqualTo(other);
      third.link();
      greater.connect(Side.QUICK, Side.turned(path));
      PeerLink[] links = bothLinks();
      talk(links[0], links[1]);
    }
  }

  @Test
  void anotherPathIsTakenWhereOneDoesNotWork() throws Exception {
    PathAddresses dead = freePath("127.0.0.2", "127.0.0.9");
    lesser.connect(Side.QUICK, dead, path);
    greater.connect(Side.QUICK, Side.turned(path));
    PeerLink[] links = bothLinks();
    assertThat(links[0].path()).isEqualTo(path);
  }

  @Test
  void socketBuffersHaveTheSizeOfTheOption() throws Exception {
    TransportOptions sized = new TransportOptions(1, 5, 1, 300_000, 200_000, false, 1 << 20);
    lesser.connect(sized, path);
    greater.connect(sized, Side.turned(path));
    PeerLink[] links = bothLinks();
    talk(links[0], links[1]);
  }

  private static Socket call(String fromIp, InetSocketAddress to) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(fromIp), 0));
    socket.connect(to);
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Side.WAIT_S));
    return socket;
  }

  private static boolean readsEnd(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketException reset) {
      return reset.getMessage().contains("reset");
    }
  }
}
