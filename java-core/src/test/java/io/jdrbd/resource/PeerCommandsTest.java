package io.jdrbd.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.loop.SimLoop;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.StateError;
import io.jdrbd.state.Verdict;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 1.1.2, line by line, with a driver that the test plays by hand. */
class PeerCommandsTest {
  private static final Endpoint HERE = Endpoint.parse("192.0.2.1:7789");
  private static final Endpoint THERE = Endpoint.parse("192.0.2.2:7789");
  private static final int PASSED = 101;

  private final SimLoop loop = new SimLoop();
  private final HandDriver driver = new HandDriver();
  private final List<String> seen = new ArrayList<>();
  private final Node node =
      new Node(
          loop,
          spec -> CompletableFuture.failedStage(new AssertionError("no disks here")),
          new BufferPool(BufferPool.PAGE_BYTES),
          driver,
          new Listener(),
          InstantSource.fixed(Instant.EPOCH));

  @BeforeEach
  void configure() {
    assertThat(code(node.newResource("r0", 0, ResourceOptions.defaults()))).isEqualTo(PASSED);
    assertThat(code(node.newMinor("r0", 10, 0, false))).isEqualTo(PASSED);
  }

  @Test
  void aPeerDeviceForEveryVolumeAndConnectionWhicheverComesFirst() {
    assertThat(newPeer(1, "bravo")).isEqualTo(PASSED);
    assertThat(code(node.newMinor("r0", 11, 1, false))).isEqualTo(PASSED);
    assertThat(newPeer(2, "charlie")).isEqualTo(PASSED);
    assertThat(node.resource("r0").orElseThrow().connections())
        .allSatisfy(
            connection ->
                assertThat(connection.peerDevices())
                    .extracting(device -> device.volume().number())
                    .containsExactly(0, 1));
    assertThat(code(node.delMinor(10))).isEqualTo(PASSED);
    assertThat(bravo().peerDevice(0)).isEmpty();
    assertThat(driver.told).containsExactly("added 1", "removed 0", "removed 0");
  }

  @ParameterizedTest(name = "new-peer r0 {0} {1} -> {2}")
  @CsvSource({
    "0,  ,                                                       162",
    "32, ,                                                       162",
    "1,  ,                                                       162",
    "2,  _name=,                                                 126",
    "2,  _name=a/b,                                              162",
    "2,  _name=bravo,                                            174",
    "2,  transport=rdma,                                         172",
    "2,  load-balance-paths=yes,                                 172",
    "2,  allow-two-primaries=yes protocol=B,                     139",
    "2,  fencing=resource-and-stonith protocol=A,                154",
    "2,  on-congestion=pull-ahead protocol=C,                    155",
    "2,  csums-alg=nonsense,                                     144",
    "2,  cram-hmac-alg=nonsense,                                 120",
    "2,  transport=rdma allow-two-primaries=yes protocol=B,      172",
    "2,  on-congestion=pull-ahead protocol=A cram-hmac-alg=sha1, 101",
  })
  void newPeer(int peer, String options, int answer) {
    newPeer(1, "bravo");
    NetOptions net = NetOptions.defaults().with(Map.of("_name", "charlie"));
    for (String option : options == null ? new String[0] : options.split(" ")) {
      net = net.with(Map.of(option.replaceFirst("=.*", ""), option.replaceFirst("[^=]*=", "")));
    }
    assertThat(code(node.peers().newPeer("r0", peer, net))).isEqualTo(answer);
  }

  @Test
  void whatDoesNotExistIsSaidInOrder() {
    PeerCommands peers = node.peers();
    assertThat(code(peers.newPeer("no", 99, NetOptions.defaults()))).isEqualTo(158);
    assertThat(code(peers.connect("no", 1, ConnectOptions.PLAIN))).isEqualTo(158);
    assertThat(code(peers.connect("r0", 1, ConnectOptions.PLAIN))).isEqualTo(162);
    assertThat(code(peers.connect("r0", 40, ConnectOptions.PLAIN))).isEqualTo(162);
    assertThat(code(peers.disconnect("r0", 1, false))).isEqualTo(162);
    assertThat(code(peers.newPath("r0", 1, HERE, THERE))).isEqualTo(162);
    newPeer(1, "bravo");
    assertThat(code(peers.peerDeviceOptions("r0", 1, 7, options -> options))).isEqualTo(162);
    assertThat(code(peers.delPath("r0", 1, HERE, THERE))).isEqualTo(162);
  }

  @Test
  void pathsThatCannotBeToldApartAreRefused() {
    newPeer(1, "bravo");
    newPeer(2, "charlie");
    assertThat(newPath("r0", 1, "192.0.2.1:7789", "192.0.2.2:7789")).isEqualTo(PASSED);
    assertThat(newPath("r0", 1, "192.0.2.1:7789", "192.0.2.2:7789")).isEqualTo(173);
    assertThat(newPath("r0", 2, "192.0.2.1:7789", "192.0.2.2:7790")).isEqualTo(176);
    assertThat(newPath("r0", 2, "192.0.2.1:7789", "192.0.2.3:7789")).isEqualTo(PASSED);
    assertThat(newPath("r0", 2, "192.0.2.1:7790", "192.0.2.2:7790")).isEqualTo(PASSED);
    assertThat(newPath("r0", 1, "192.0.2.1:7791", "[2001:db8::2]:7789")).isEqualTo(162);

    node.newResource("r1", 0, ResourceOptions.defaults());
    assertThat(
            code(
                node.peers()
                    .newPeer("r1", 1, NetOptions.defaults().with(Map.of("_name", "bravo")))))
        .isEqualTo(PASSED);
    assertThat(newPath("r1", 1, "192.0.2.1:7789", "192.0.2.2:7789")).isEqualTo(173);
    assertThat(newPath("r1", 1, "192.0.2.1:7789", "192.0.2.2:8000")).isEqualTo(102);
    assertThat(newPath("r1", 1, "192.0.2.1:8000", "192.0.2.2:7789")).isEqualTo(103);
    assertThat(newPath("r1", 1, "192.0.2.1:8000", "192.0.2.2:8000")).isEqualTo(PASSED);
  }

  @Test
  void connectNeedsAPathAndNobodyWhoKnowsBetter() {
    newPeer(1, "bravo");
    assertThat(connect(ConnectOptions.PLAIN)).isEqualTo(162);
    newPath("r0", 1, "192.0.2.1:7789", "192.0.2.2:7789");
    node.resource("r0").orElseThrow().promoted(true);
    assertThat(connect(new ConnectOptions(false, true))).isEqualTo(123);
    driver.starting = Verdict.refused(StateError.IN_TRANSIENT_STATE, "not yet");
    assertThat(connect(ConnectOptions.PLAIN)).isEqualTo(-18);
    assertThat(bravo().state()).isEqualTo(ConnectionState.STANDALONE);
    driver.starting = Verdict.passed("starts");
    assertThat(connect(ConnectOptions.PLAIN)).isEqualTo(PASSED);
    assertThat(bravo().state()).isEqualTo(ConnectionState.UNCONNECTED);
    assertThat(connect(ConnectOptions.PLAIN)).isEqualTo(125);
  }

  @Test
  void theLastPathAndTheOneInUseStay() {
    connecting();
    assertThat(delPath()).isEqualTo(162);
    newPath("r0", 1, "192.0.2.1:7790", "192.0.2.2:7790");
    bravo().paths().getFirst().setEstablished(true);
    assertThat(delPath()).isEqualTo(162);
    bravo().paths().getFirst().setEstablished(false);
    assertThat(delPath()).isEqualTo(PASSED);
    assertThat(driver.told).endsWith("paths 1");
  }

  @Test
  void disconnectWaitsForTheDecisionAndThenForStandAlone() {
    connecting();
    CompletableFuture<Verdict> ended = disconnect(false);
    driver.stopping.complete(Verdict.refused(StateError.NO_UP_TO_DATE_DISK, "needed"));
    assertThat(code(ended)).isEqualTo(-2);

    ended = disconnect(false);
    driver.stopping.complete(Verdict.passed("the peer agrees"));
    bravo().setState(ConnectionState.DISCONNECTING);
    assertThat(ended).isNotDone();
    bravo().setState(ConnectionState.STANDALONE);
    assertThat(code(ended)).isEqualTo(PASSED);
    assertThat(code(disconnect(false))).isEqualTo(PASSED);
    assertThat(driver.told).filteredOn(told -> told.startsWith("stop")).hasSize(2);
  }

  @Test
  void disconnectWaitsNoLongerThanASecond() {
    connecting();
    CompletableFuture<Verdict> ended = node.peers().delPeer("r0", 1, true).toCompletableFuture();
    driver.stopping.complete(Verdict.passed("forced"));
    bravo().setState(ConnectionState.DISCONNECTING);
    long before = loop.nanoTime();
    loop.drain();
    assertThat(loop.nanoTime() - before).isEqualTo(TimeUnit.SECONDS.toNanos(1));
    assertThat(code(ended)).isEqualTo(-18);
    bravo().setState(ConnectionState.STANDALONE);
    assertThat(code(node.peers().delPeer("r0", 1, true))).isEqualTo(PASSED);
    assertThat(driver.told).contains("stop bravo by force");
    assertThat(node.resource("r0").orElseThrow().connections()).isEmpty();
  }

  @Test
  void aResourceWithPeersIsNotDeleted() {
    newPeer(1, "bravo");
    assertThat(code(node.delResource("r0"))).isEqualTo(125);
    assertThat(code(node.peers().delPeer("r0", 1, false))).isEqualTo(PASSED);
    assertThat(code(node.delResource("r0"))).isEqualTo(159);
  }

  @Test
  void netOptionsLookAtWhatGoesOn() {
    connecting();
    bravo().setState(ConnectionState.CONNECTED);
    bravo().setAgreedProtocol(OptionalInt.of(96));
    assertThat(netOption("timeout", "70")).isEqualTo(163);
    bravo().setAgreedProtocol(OptionalInt.of(121));
    assertThat(netOption("timeout", "70")).isEqualTo(PASSED);
    assertThat(netOption("_name", "")).isEqualTo(126);
    assertThat(netOption("transport", "lb-tcp")).isEqualTo(162);
    assertThat(netOption("tls", "yes")).isEqualTo(162);
    assertThat(netOption("csums-alg", "nonsense")).isEqualTo(144);
    bravo().peerDevice(0).orElseThrow().setReplication(ReplicationState.SYNC_SOURCE);
    assertThat(netOption("csums-alg", "sha1")).isEqualTo(148);
    bravo().peerDevice(0).orElseThrow().setReplication(ReplicationState.VERIFY_T);
    assertThat(netOption("verify-alg", "sha1")).isEqualTo(149);
    assertThat(netOption("allow-two-primaries", "yes")).isEqualTo(PASSED);
    node.resource("r0").orElseThrow().promoted(true);
    bravo().setPeerRole(Role.PRIMARY);
    assertThat(netOption("allow-two-primaries", "no")).isEqualTo(164);
    assertThat(driver.told)
        .endsWith(
            "options {timeout=70, _name=bravo}",
            "options {timeout=70, allow-two-primaries=yes, _name=bravo}");
  }

  @Test
  void changesTogetherAreSeenAsOne() {
    connecting();
    seen.clear();
    node.resource("r0")
        .orElseThrow()
        .together(
            () -> {
              bravo().setState(ConnectionState.CONNECTED);
              bravo().setPeerRole(Role.PRIMARY);
              PeerDevice device = bravo().peerDevice(0).orElseThrow();
              device.setReplication(ReplicationState.ESTABLISHED);
              device.setPeerDisk(DiskState.UP_TO_DATE);
            });
    bravo().setPeerRole(Role.PRIMARY);
    assertThat(seen).containsExactly("bravo Connected Primary Established UpToDate");
    node.resource("r0").orElseThrow().progressed();
    assertThat(seen).hasSize(2);
  }

  @Test
  void countersAreAskedForWhenSomebodyLooks() {
    newPeer(1, "bravo");
    bravo().countBy(() -> new ConnectionStatistics(true, 8, 16));
    assertThat(node.view().getFirst().connections().getFirst().statistics().congested()).isTrue();
  }

  @Test
  void decisionsAreRememberedAndRepeatsCounted() {
    newPeer(1, "bravo");
    connect(ConnectOptions.PLAIN);
    connect(ConnectOptions.PLAIN);
    assertThat(code(node.primary("r0", false).toCompletableFuture().join())).isNotEqualTo(PASSED);
    List<Decision> all = node.resource("r0").orElseThrow().decisions().all();
    assertThat(all)
        .extracting(Decision::subject, Decision::question, Decision::times)
        .containsExactly(tuple("connection bravo", "connect", 2), tuple("r0", "primary", 1));
    assertThat(all.getFirst().answer()).isEqualTo("(162) Invalid configuration request");
    assertThat(all.getFirst().reason()).contains("no path to bravo");
    for (int i = 0; i < 2 * Decisions.MAX; i++) {
      node.resource("r0").orElseThrow().decisions().note("r0", "q" + i, Verdict.passed("so"));
    }
    assertThat(node.resource("r0").orElseThrow().decisions().all()).hasSize(Decisions.MAX);
  }

  private void connecting() {
    newPeer(1, "bravo");
    newPath("r0", 1, "192.0.2.1:7789", "192.0.2.2:7789");
    connect(ConnectOptions.PLAIN);
    bravo().setState(ConnectionState.CONNECTING);
  }

  private Connection bravo() {
    return node.resource("r0").flatMap(resource -> resource.connection(1)).orElseThrow();
  }

  private int newPeer(int id, String name) {
    return code(node.peers().newPeer("r0", id, NetOptions.defaults().with(Map.of("_name", name))));
  }

  private int newPath(String resource, int id, String local, String peer) {
    return code(node.peers().newPath(resource, id, Endpoint.parse(local), Endpoint.parse(peer)));
  }

  private int delPath() {
    return code(node.peers().delPath("r0", 1, HERE, THERE));
  }

  private int connect(ConnectOptions options) {
    return code(node.peers().connect("r0", 1, options));
  }

  private CompletableFuture<Verdict> disconnect(boolean force) {
    return node.peers().disconnect("r0", 1, force).toCompletableFuture();
  }

  private int netOption(String option, String value) {
    return code(node.peers().netOptions("r0", 1, options -> options.with(Map.of(option, value))));
  }

  private static int code(CompletionStage<Verdict> verdict) {
    assertThat(verdict.toCompletableFuture()).isCompleted();
    return code(verdict.toCompletableFuture().join());
  }

  private static int code(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Passed passed -> PASSED;
      case Verdict.Refused refused -> refused.refusal().code();
    };
  }

  private final class Listener implements NodeListener {
    @Override
    public void changed(ResourceView resource) {
      if (resource.volumes().isEmpty()) {
        return;
      }
      for (ConnectionView connection : resource.connections()) {
        PeerDeviceView device = connection.peerDevices().getFirst();
        seen.add(
            "%s %s %s %s %s"
                .formatted(
                    connection.name(),
                    connection.state().word(),
                    connection.peerRole().word(),
                    device.replication().word(),
                    device.peerDisk().word()));
      }
    }

    @Override
    public void gone(String name) {
      seen.add(name + " gone");
    }
  }
}
