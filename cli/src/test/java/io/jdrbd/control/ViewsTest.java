package io.jdrbd.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.resource.ConnectionStatistics;
import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.Endpoint;
import io.jdrbd.resource.NetOptions;
import io.jdrbd.resource.PathView;
import io.jdrbd.resource.PeerDeviceOptions;
import io.jdrbd.resource.PeerDeviceStatistics;
import io.jdrbd.resource.PeerDeviceView;
import io.jdrbd.resource.ResourceOptions;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.resource.SyncProgress;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.IoSuspension;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.ResyncSuspension;
import io.jdrbd.state.Role;
import io.jdrbd.state.WriteOrdering;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the daemon shows of a resource with peers arrives whole at the command. */
class ViewsTest {

  @Test
  void aConnectionComesThroughWhole() {
    SyncProgress verify =
        new SyncProgress(
            100,
            1,
            2,
            3000,
            40,
            new SyncProgress.Mark(2000, 50),
            new SyncProgress.Mark(1000, 25),
            6,
            Optional.of(new SyncProgress.Verify(0, -1, 30, 70, 8)));
    PeerDeviceView device =
        new PeerDeviceView(
            7,
            PeerDeviceOptions.defaults().with(Map.of("c-max-rate", "700M")),
            ReplicationState.VERIFY_S,
            DiskState.UP_TO_DATE,
            true,
            true,
            Set.of(ResyncSuspension.PEER, ResyncSuspension.USER),
            new PeerDeviceStatistics(1, 2, 3, 4, 5, Optional.of(verify)));
    ConnectionView connection =
        new ConnectionView(
            31,
            NetOptions.defaults().with(Map.of("_name", "bravo", "shared-secret", "a \"b\" \\c")),
            ConnectionState.CONNECTED,
            Role.PRIMARY,
            true,
            List.of(
                new PathView(
                    Endpoint.parse("192.0.2.1:7789"), Endpoint.parse("192.0.2.2:7789"), true),
                new PathView(
                    Endpoint.parse("[2001:db8::1]:1"), Endpoint.parse("[2001:db8::2]:2"), false)),
            List.of(device),
            new ConnectionStatistics(true, 6, 7));
    ResourceView resource =
        new ResourceView(
            "r0",
            3,
            Role.SECONDARY,
            Set.of(IoSuspension.QUORUM, IoSuspension.USER),
            false,
            WriteOrdering.FLUSH,
            ResourceOptions.defaults(),
            List.of(),
            List.of(connection));
    byte[] line = JsonText.write(Views.toJson(resource));
    assertThat(Views.resource(JsonText.parse(line))).isEqualTo(resource);
  }
}
