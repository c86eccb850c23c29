package io.jdrbd.driver;

import io.jdrbd.cluster.PeerSettings;
import io.jdrbd.connection.SessionSettings;
import io.jdrbd.resource.ConnectOptions;
import io.jdrbd.resource.Connection;
import io.jdrbd.resource.NetOption;
import io.jdrbd.resource.NetOptions;
import io.jdrbd.resource.PeerDeviceOptions;
import io.jdrbd.resync.ResyncRate;
import io.jdrbd.state.SplitBrainPolicy;
import io.jdrbd.state.cluster.FencingPolicy;
import io.jdrbd.state.sync.SyncPolicies;
import io.jdrbd.transport.ConnectPlan;
import io.jdrbd.transport.PathAddresses;
import io.jdrbd.transport.TransportOptions;
import io.jdrbd.wire.ProtocolSettings;
import java.util.Arrays;
import java.util.List;

/** Net options as the cluster wants them. */
final class PeerOptions {
  private static final int SEND_QUEUE_BYTES = 4 << 20;

  private PeerOptions() {}

  static PeerSettings of(
      Connection connection, ConnectOptions how, SessionSettings.Versions versions) {
    NetOptions net = connection.options();
    return new PeerSettings(
        connection.resource().name() + "/" + connection.name(),
        plan(connection, net),
        session(connection, net, how, versions),
        policies(net),
        fencing(net),
        net.allowRemoteRead(),
        net.text(NetOption.VERIFY_ALG),
        net.text(NetOption.CSUMS_ALG),
        net.csumsAfterCrashOnly(),
        net.maxBuffersPages(),
        net.useRle());
  }

  static ResyncRate rate(PeerDeviceOptions options) {
    return new ResyncRate(
        (int) options.resyncRateKib(),
        options.planAheadDs(),
        options.delayTargetDs(),
        options.fillTargetSectors(),
        (int) options.maxRateKib(),
        (int) options.minRateKib());
  }

  private static ConnectPlan plan(Connection connection, NetOptions net) {
    List<PathAddresses> paths =
        connection.paths().stream()
            .map(path -> new PathAddresses(path.local().socket(), path.peer().socket()))
            .toList();
    return new ConnectPlan(
        connection.resource().name() + "/" + connection.name(),
        paths,
        new TransportOptions(
            net.connectIntS(),
            net.pingTimeoutDs(),
            net.socketCheckTimeoutDs(),
            net.sndbufBytes(),
            net.rcvbufBytes(),
            net.tcpCork(),
            SEND_QUEUE_BYTES));
  }

  private static SessionSettings session(
      Connection connection,
      NetOptions net,
      ConnectOptions how,
      SessionSettings.Versions versions) {
    int flags =
        (how.discardMyData() ? ProtocolSettings.DISCARD_MY_DATA : 0)
            | (how.tentative() ? ProtocolSettings.DRY_RUN : 0);
    return new SessionSettings(
        connection.resource().nodeId(),
        connection.peerNodeId(),
        versions,
        new SessionSettings.Authentication(
            net.text(NetOption.CRAM_HMAC_ALG), net.text(NetOption.SHARED_SECRET)),
        new ProtocolSettings(
            net.protocol().number(),
            policy(net, NetOption.AFTER_SB_0PRI).number(),
            policy(net, NetOption.AFTER_SB_1PRI).number(),
            policy(net, NetOption.AFTER_SB_2PRI).number(),
            flags,
            net.allowTwoPrimaries() ? 1 : 0,
            net.text(NetOption.DATA_INTEGRITY_ALG)),
        net.pingIntS(),
        net.pingTimeoutDs(),
        net.timeoutDs(),
        net.koCount(),
        connection.resource().connections().size() > 1);
  }

  private static SyncPolicies policies(NetOptions net) {
    return new SyncPolicies(
        policy(net, NetOption.AFTER_SB_0PRI),
        policy(net, NetOption.AFTER_SB_1PRI),
        policy(net, NetOption.AFTER_SB_2PRI),
        policy(net, NetOption.RR_CONFLICT),
        net.alwaysAsbp());
  }

  private static SplitBrainPolicy policy(NetOptions net, NetOption option) {
    return switch (net.text(option)) {
      case "call-pri-lost" -> SplitBrainPolicy.CALL_PRI_LOST;
      case "violently" -> SplitBrainPolicy.VIOLENTLY;
      case "retry-connect" -> SplitBrainPolicy.RETRY_CONNECT;
      case "auto-discard" -> SplitBrainPolicy.AUTO_DISCARD;
      case String word ->
          Arrays.stream(SplitBrainPolicy.values())
              .filter(policy -> policy.word().equals(word))
              .findFirst()
              .orElse(SplitBrainPolicy.DISCONNECT);
    };
  }

  private static FencingPolicy fencing(NetOptions net) {
    return switch (net.text(NetOption.FENCING)) {
      case "resource-only" -> FencingPolicy.RESOURCE_ONLY;
      case "resource-and-stonith" -> FencingPolicy.RESOURCE_AND_STONITH;
      default -> FencingPolicy.DONT_CARE;
    };
  }
}
