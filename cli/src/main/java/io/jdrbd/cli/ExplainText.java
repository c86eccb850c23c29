package io.jdrbd.cli;

import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.Decision;
import io.jdrbd.resource.PathView;
import io.jdrbd.resource.PeerDeviceView;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.VolumeView;
import io.jdrbd.state.IoSuspension;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The text of {@code explain}.
 *
 * @param zone for the times
 */
record ExplainText(ZoneId zone) {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  String of(ResourceView resource, List<Decision> decisions) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: this node (id %d) is %s.\n"
            .formatted(resource.name(), resource.nodeId(), resource.role().word()));
    if (!resource.suspensions().isEmpty()) {
      text.append("  Its I/O waits: %s.\n".formatted(waits(resource)));
    }
    resource.volumes().forEach(volume -> text.append(volume(volume)));
    resource.connections().forEach(connection -> text.append(connection(connection)));
    if (decisions.isEmpty()) {
      return text.append("Nothing was decided lately.\n").toString();
    }
    text.append("Decided lately, the last at the end:\n");
    decisions.forEach(decision -> text.append(decision(decision)));
    return text.toString();
  }

  private static String waits(ResourceView resource) {
    return resource.suspensions().stream()
        .sorted()
        .map(ExplainText::sentence)
        .collect(Collectors.joining("; "));
  }

  private static String sentence(IoSuspension reason) {
    return switch (reason) {
      case USER -> "a command asked for it (resume-io ends it)";
      case NO_DATA -> "no UpToDate data can be reached";
      case FENCING -> "a lost peer has to be fenced first";
      case QUORUM -> "too few nodes can be reached for a quorum";
    };
  }

  private static String volume(VolumeView volume) {
    return "  volume %d: its disk is %s%s.\n"
        .formatted(
            volume.volume(),
            volume.disk().word(),
            volume.backingDevice().map(path -> " (" + path + ")").orElse(""));
  }

  private static String connection(ConnectionView connection) {
    String devices =
        connection.peerDevices().stream()
            .map(ExplainText::peerDevice)
            .collect(Collectors.joining());
    return "  %s (node %d): %s; %s.\n%s"
        .formatted(
            connection.name(),
            connection.peerNodeId(),
            connection.state().word(),
            meaning(connection),
            devices);
  }

  private static String meaning(ConnectionView connection) {
    return switch (connection.state()) {
      case STANDALONE -> "nothing is tried until the command connect";
      case DISCONNECTING -> "the connection is being closed for good";
      case UNCONNECTED -> "an attempt to connect is about to begin";
      case TIMEOUT -> "the peer left requests unanswered; the next attempt follows";
      case BROKEN_PIPE -> "the data stream broke; the next attempt follows";
      case NETWORK_FAILURE ->
          "the control stream broke or a ping was not answered; the next attempt follows";
      case PROTOCOL_ERROR -> "a packet made no sense; the next attempt follows";
      case TEAR_DOWN -> "the peer has disconnected; the next attempt follows";
      case CONNECTING -> "looking for the peer at " + addresses(connection);
      case CONNECTED -> "the peer is " + connection.peerRole().word();
    };
  }

  private static String addresses(ConnectionView connection) {
    return connection.paths().stream()
        .map(PathView::peer)
        .map(Object::toString)
        .collect(Collectors.joining(" and "));
  }

  private static String peerDevice(PeerDeviceView device) {
    return "    volume %d: replication %s, the peer's disk is %s.\n"
        .formatted(device.volume(), device.replication().word(), device.peerDisk().word());
  }

  private String decision(Decision decision) {
    String times = decision.times() == 1 ? "" : " (" + decision.times() + " times in a row)";
    String facts =
        decision.facts().stream()
            .map(fact -> "      - " + fact + "\n")
            .collect(Collectors.joining());
    return "  %s %s, %s: %s%s\n      %s\n%s"
        .formatted(
            TIME.format(decision.at().atZone(zone)),
            decision.subject(),
            decision.question(),
            decision.answer(),
            times,
            decision.reason(),
            facts);
  }
}
