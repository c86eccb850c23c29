package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.control.Json;
import io.jdrbd.control.JsonText;
import io.jdrbd.resource.ConnectionStatistics;
import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.Endpoint;
import io.jdrbd.resource.NetOptions;
import io.jdrbd.resource.PathView;
import io.jdrbd.resource.PeerDeviceView;
import io.jdrbd.resource.ResourceOptions;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.IoSuspension;
import io.jdrbd.state.Role;
import io.jdrbd.state.WriteOrdering;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The recorded life of a resource with a peer, notification by notification, and what drbdsetup
 * printed of it (spec 7, section 11.3), without helpers and without the change of its name.
 */
class LifeCycleTest {
  /** What the recorded resource is called after it was renamed, which jdrbd cannot do. */
  private static final String RENAMED = "r0-new";

  private Role role = Role.UNKNOWN;
  private Set<IoSuspension> suspensions = Set.of();
  private Optional<VolumeView> volume = Optional.empty();
  private Optional<PathView> path = Optional.empty();
  private Optional<PeerDeviceView> peerDevice = Optional.empty();
  private ConnectionState connection = ConnectionState.STANDALONE;
  private Role peerRole = Role.UNKNOWN;
  private boolean hasConnection;
  private boolean isThere;

  @Test
  void asRecorded() throws IOException {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Events2Stream stream =
        new Events2Stream(
            new Events2Text(false, false),
            Optional.empty(),
            false,
            new PrintStream(printed, true, StandardCharsets.UTF_8));
    stream.initialStateDone();
    String events = "{\"all\":" + Samples.recorded("20-life-cycle.events.json") + "}";
    for (Json value : JsonText.parse(events.getBytes(StandardCharsets.UTF_8)).array("all")) {
      Json.Obj event = (Json.Obj) value;
      if (note(event) && !event.flag("continues")) {
        tell(stream);
      }
    }
    assertThat(lines(printed.toString(StandardCharsets.UTF_8)))
        .isEqualTo(lines(Samples.recorded("20-life-cycle.events2.txt")));
  }

  private static List<String> lines(String text) {
    return text.replace(RENAMED, "r0")
        .lines()
        .filter(line -> !line.startsWith("call ") && !line.startsWith("response "))
        .filter(line -> !line.startsWith("rename "))
        .toList();
  }

  private void tell(Events2Stream stream) {
    if (isThere) {
      stream.changed(resource());
    } else {
      stream.gone("r0");
    }
  }

  /** Takes a notification into account; false if it is about something that jdrbd has not. */
  private boolean note(Json.Obj event) {
    switch (event.text("object")) {
      case "resource" -> {
        if (!event.has("info")) {
          isThere = false;
          return event.text("type").equals("destroy");
        }
        isThere = true;
        role = role(event, "res_role");
        suspensions = RecordedState.suspensions(event.object("info"));
      }
      case "device" ->
          volume = event.has("info") ? Optional.of(RecordedState.volume(event)) : Optional.empty();
      case "connection" -> {
        hasConnection = event.has("info");
        if (hasConnection) {
          connection =
              RecordedState.named(
                  ConnectionState.values(),
                  ConnectionState::word,
                  event.object("info").text("conn_connection_state"));
          peerRole = role(event, "conn_role");
        }
      }
      case "peer-device" ->
          peerDevice =
              event.has("info") ? Optional.of(RecordedState.peerDevice(event)) : Optional.empty();
      case "path" -> path = event.has("info") ? Optional.of(path(event)) : Optional.empty();
      default -> {
        return false;
      }
    }
    return true;
  }

  private static Role role(Json.Obj event, String name) {
    return RecordedState.named(Role.values(), Role::word, event.object("info").text(name));
  }

  private static PathView path(Json.Obj event) {
    return new PathView(
        Endpoint.parse(event.object("path").text("my")),
        Endpoint.parse(event.object("path").text("peer")),
        RecordedState.isSet(event.object("info"), "path_established"));
  }

  private ResourceView resource() {
    ConnectionView right =
        new ConnectionView(
            1,
            NetOptions.defaults().with(Map.of("_name", "right")),
            connection,
            peerRole,
            false,
            path.stream().toList(),
            peerDevice.stream().toList(),
            ConnectionStatistics.none());
    return new ResourceView(
        "r0",
        0,
        role,
        suspensions,
        false,
        WriteOrdering.FLUSH,
        ResourceOptions.defaults(),
        volume.stream().toList(),
        hasConnection ? List.of(right) : List.of());
  }
}
