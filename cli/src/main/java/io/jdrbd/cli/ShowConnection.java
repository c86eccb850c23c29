package io.jdrbd.cli;

import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.Endpoint;
import io.jdrbd.resource.NetOption;
import io.jdrbd.resource.PathView;
import io.jdrbd.resource.PeerDeviceOption;
import io.jdrbd.resource.PeerDeviceView;
import java.util.stream.Collectors;

/**
 * A connection in {@code show} (spec 7, section 10.3).
 *
 * @param options how options are shown
 */
record ShowConnection(OptionLines options) {

  String of(ConnectionView connection) {
    return "    connection {\n"
        + "        _peer_node_id %d;\n".formatted(connection.peerNodeId())
        + connection.paths().stream().map(ShowConnection::path).collect(Collectors.joining())
        + "        _cstate %s;\n".formatted(connection.state().word())
        + options.section("net", "        ", NetOption.values(), connection.options().values())
        + connection.peerDevices().stream().map(this::volume).collect(Collectors.joining())
        + "    }\n";
  }

  private static String path(PathView path) {
    return """
            path {
                _this_host %s;
                _remote_host %s;
            }
    """
        .formatted(end(path.local()), end(path.peer()));
  }

  private static String end(Endpoint end) {
    return end.family() + " " + end.hostAndPort();
  }

  private String volume(PeerDeviceView device) {
    String disk =
        options.section(
            "disk", "            ", PeerDeviceOption.values(), device.options().values());
    return disk.isEmpty()
        ? ""
        : "        volume %d {\n%s        }\n".formatted(device.volume(), disk);
  }
}
