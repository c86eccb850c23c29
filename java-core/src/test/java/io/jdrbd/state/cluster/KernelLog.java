package io.jdrbd.state.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a real DRBD 9 node has logged, as steps: a line that begins with the kind of change says
 * what the cause changed ({@code v0.n1.repl=Established}: volume 0 on the connection to node 1),
 * the indented lines below it what the kernel logged.
 */
final class KernelLog {
  /** One change; or what the test has to know besides, which is in no log. */
  record Step(
      int line, boolean isSetup, ChangeKind kind, List<String> causes, List<String> logged) {}

  /** What the node sent in P_STATE packets after the initial ones: peer, volume, word. */
  private final List<String> sent = new ArrayList<>();

  private final List<Step> steps = new ArrayList<>();
  private ResourceSnapshot start = ResourceSnapshot.of(ResourceSettings.defaults(0));

  static KernelLog parse(List<String> lines) {
    KernelLog log = new KernelLog();
    for (int i = 0; i < lines.size(); i++) {
      log.line(i + 1, lines.get(i));
    }
    return log;
  }

  ResourceSnapshot start() {
    return start;
  }

  List<String> sent() {
    return sent;
  }

  List<Step> steps() {
    return steps;
  }

  private void line(int number, String line) {
    if (line.startsWith("  ")) {
      steps.getLast().logged().add(line.strip());
      return;
    }
    String[] words = line.replaceAll("#.*", "").strip().split(" +");
    List<String> rest = Stream.of(words).skip(1).filter(word -> !word.isEmpty()).toList();
    switch (words[0]) {
      case "" -> {}
      case "node" ->
          start = ResourceSnapshot.of(ResourceSettings.defaults(Integer.parseInt(rest.getFirst())));
      case "volumes" ->
          rest.forEach(volume -> start = start.withVolume(volume(Integer.parseInt(volume))));
      case "peers" ->
          rest.forEach(peer -> start = start.withConnection(connection(Integer.parseInt(peer))));
      case "sent" -> sent.add(String.join(" ", rest));
      case "facts" -> steps.add(new Step(number, true, ChangeKind.HARD, rest, new ArrayList<>()));
      default ->
          steps.add(
              new Step(
                  number,
                  false,
                  ChangeKind.valueOf(words[0].toUpperCase(Locale.ROOT)),
                  rest,
                  new ArrayList<>()));
    }
  }

  private static VolumeSnapshot volume(int number) {
    return VolumeSnapshot.diskless(number);
  }

  private ConnectionSnapshot connection(int peer) {
    ConnectionSnapshot connection =
        ConnectionSnapshot.standAlone(peer)
            .withFacts(ConnectionFacts.DEFAULT.withVerifyAlgorithm(true));
    for (int volume : start.volumes().keySet()) {
      PeerDeviceSnapshot device = PeerDeviceSnapshot.unknown(volume);
      connection =
          connection.withDevice(
              device.withFacts(device.facts().withStable(true).withSameUuid(true)));
    }
    return connection;
  }

  /** The snapshot with one thing changed. */
  static ResourceSnapshot change(ResourceSnapshot resource, String cause) {
    List<String> sides = List.of(cause.split("=", 2));
    List<String> path = List.of(sides.getFirst().split("\\.", 3));
    String field = path.getLast();
    String value = sides.getLast();
    if (path.getFirst().equals("resource")) {
      return resource(resource, field, value);
    }
    int first = Integer.parseInt(path.getFirst().substring(1));
    if (path.getFirst().startsWith("n")) {
      return resource.changeConnection(first, c -> connection(c, field, value));
    }
    return path.size() == 2
        ? resource.changeVolume(first, v -> volume(v, field, value))
        : resource.changeDevice(
            Integer.parseInt(path.get(1).substring(1)), first, d -> device(d, field, value));
  }

  private static ResourceSnapshot resource(ResourceSnapshot resource, String field, String value) {
    return switch (field) {
      case "role" -> resource.withRole(role(value));
      case "fail-io" -> resource.withFailsIo(true);
      case "susp-io" ->
          resource.withSuspension(resource.suspension().withUser(value.equals("user")));
      case "quorum" ->
          resource.withSettings(
              resource
                  .settings()
                  .withQuorum(
                      value.equals("majority") ? new QuorumNeed.Majority() : QuorumNeed.OFF));
      case "on-no-quorum" ->
          resource.withSettings(
              resource.settings().withSuspendsWithoutQuorum(value.equals("suspend-io")));
      default -> throw new IllegalArgumentException(field);
    };
  }

  private static ConnectionSnapshot connection(
      ConnectionSnapshot connection, String field, String value) {
    return switch (field) {
      case "conn" -> connection.withState(word(ConnectionState.values(), value));
      case "peer" -> connection.withPeerRole(role(value));
      case "protocol" ->
          connection.withFacts(connection.facts().withProtocolVersion(Integer.parseInt(value)));
      case "fencing" ->
          connection.withFacts(connection.facts().withFencing(FencingPolicy.valueOf(value)));
      case "handshake" -> connection.withFacts(connection.facts().withHandshake(true));
      case "no-verify" -> connection.withFacts(connection.facts().withVerifyAlgorithm(false));
      case "two-primaries" -> connection.withFacts(connection.facts().withTwoPrimaries(true));
      default -> throw new IllegalArgumentException(field);
    };
  }

  private static VolumeSnapshot volume(VolumeSnapshot volume, String field, String value) {
    return switch (field) {
      case "disk" -> volume.withDisk(word(DiskState.values(), value));
      case "owes-new-uuid" -> volume.withOwesNewUuid(Boolean.parseBoolean(value));
      case "intentionally-diskless" -> volume.withFacts(volume.facts().withDisklessByIntent(true));
      case "uuid-exposed" -> volume.withFacts(volume.facts().withUuidExposed(true));
      case "peer-writes" -> volume.withFacts(volume.facts().withPeerWritesInFlight(true));
      case "readers" -> volume.withReaders(Integer.parseInt(value));
      case "writers" -> volume.withWriters(Integer.parseInt(value));
      case "slot" -> volume.withSlot(Integer.parseInt(value), SlotMarks.BITMAP);
      default -> throw new IllegalArgumentException(field);
    };
  }

  private static PeerDeviceSnapshot device(PeerDeviceSnapshot device, String field, String value) {
    PeerDeviceFacts facts = device.facts();
    return switch (field) {
      case "repl" -> device.withReplication(word(ReplicationState.values(), value));
      case "pdsk" -> device.withDisk(word(DiskState.values(), value));
      case "pause" -> device.withPause(pause(device.pause(), value));
      case "attach" -> device.withFacts(facts.withAttachResult(AttachResult.valueOf(value)));
      case "stable" -> device.withFacts(facts.withStable(Boolean.parseBoolean(value)));
      case "bitmap-uuid" -> device.withFacts(facts.withBitmapUuidIsZero(false));
      case "told-old-uuid" -> device.withFacts(facts.withToldOldUuid(true));
      case "got-stable" -> device.withFacts(facts.withGotStable(true));
      case "same-uuid" -> device.withFacts(facts.withSameUuid(Boolean.parseBoolean(value)));
      case "dirty" -> device.withFacts(facts.withDirtyBits(Long.parseLong(value)));
      case "bitmap" -> device.withFacts(facts.withBitmap(Boolean.parseBoolean(value)));
      default -> throw new IllegalArgumentException(field);
    };
  }

  private static ResyncPause pause(ResyncPause pause, String value) {
    return pause.withUser(value.contains("user")).withPeer(value.contains("peer"));
  }

  private static Role role(String word) {
    return Stream.of(Role.values()).filter(r -> r.word().equals(word)).findFirst().orElseThrow();
  }

  private static DiskState word(DiskState[] states, String word) {
    return Stream.of(states).filter(s -> s.word().equals(word)).findFirst().orElseThrow();
  }

  private static ConnectionState word(ConnectionState[] states, String word) {
    return Stream.of(states).filter(s -> s.word().equals(word)).findFirst().orElseThrow();
  }

  private static ReplicationState word(ReplicationState[] states, String word) {
    return Stream.of(states).filter(s -> s.word().equals(word)).findFirst().orElseThrow();
  }
}
