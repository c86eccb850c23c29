package io.jdrbd.resource;

import io.jdrbd.state.ConfigError;
import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import io.jdrbd.state.Verdict;
import java.util.function.Predicate;

/** Which options of a connection go together, and which may change when (spec 1.1.2). */
final class NetRules {
  private static final int PROTOCOL_WITH_UPDATES = 100;

  private NetRules() {}

  /** Do these options go together? */
  static Verdict consistent(NetOptions options) {
    WriteProtocol protocol = options.protocol();
    if (options.allowTwoPrimaries() && protocol != WriteProtocol.C) {
      return Verdict.refused(
          ConfigError.NOT_PROTO_C, "allow-two-primaries needs protocol C, not " + protocol);
    }
    if (options.text(NetOption.FENCING).equals("resource-and-stonith")
        && protocol == WriteProtocol.A) {
      return Verdict.refused(
          ConfigError.STONITH_AND_PROT_A,
          "fencing resource-and-stonith needs protocol B or C: with A, writes may be lost before"
              + " the peer is fenced");
    }
    String onCongestion = options.text(NetOption.ON_CONGESTION);
    if (!onCongestion.equals("block") && protocol != WriteProtocol.A) {
      return Verdict.refused(
          ConfigError.CONG_NOT_PROTO_A,
          "on-congestion %s needs protocol A, not %s".formatted(onCongestion, protocol));
    }
    return Verdict.passed("they go together");
  }

  /** May the options of this connection be changed to these now? */
  static Verdict change(Connection connection, NetOptions wanted) {
    NetOptions now = connection.options();
    if (differs(now, wanted, NetOption.CSUMS_ALG) && runs(connection, NetRules::isResync)) {
      return Verdict.refused(
          ConfigError.CSUMS_RESYNC_RUNNING, "a resync with %s runs".formatted(connection.name()));
    }
    if (differs(now, wanted, NetOption.VERIFY_ALG) && runs(connection, NetRules::isVerify)) {
      return Verdict.refused(
          ConfigError.VERIFY_RUNNING, "a verify with %s runs".formatted(connection.name()));
    }
    Verdict consistent = consistent(wanted);
    return consistent.ok() ? changeOnline(connection, wanted) : consistent;
  }

  private static Verdict changeOnline(Connection connection, NetOptions wanted) {
    if (connection.state() != ConnectionState.CONNECTED) {
      return Verdict.passed("not connected");
    }
    int agreed = connection.agreedProtocol().orElse(PROTOCOL_WITH_UPDATES);
    if (agreed < PROTOCOL_WITH_UPDATES) {
      return Verdict.refused(
          ConfigError.NEED_APV_100,
          "%s speaks protocol version %d".formatted(connection.name(), agreed));
    }
    boolean bothPrimary =
        connection.resource().role() == Role.PRIMARY && connection.peerRole() == Role.PRIMARY;
    if (bothPrimary && !wanted.allowTwoPrimaries()) {
      return Verdict.refused(
          ConfigError.NEED_ALLOW_TWO_PRI,
          "this node and %s are both Primary".formatted(connection.name()));
    }
    if (connection.options().tls() != wanted.tls()) {
      return Verdict.refused(
          ConfigError.INVALID_REQUEST, "tls cannot be changed while connected; disconnect first");
    }
    return Verdict.passed("connected with protocol version " + agreed);
  }

  private static boolean differs(NetOptions one, NetOptions other, NetOption option) {
    return !one.text(option).equals(other.text(option));
  }

  private static boolean runs(Connection connection, Predicate<ReplicationState> activity) {
    return connection.peerDevices().stream().map(PeerDevice::replication).anyMatch(activity);
  }

  private static boolean isResync(ReplicationState state) {
    return state.isSource() || state.isTarget();
  }

  private static boolean isVerify(ReplicationState state) {
    return state == ReplicationState.VERIFY_S || state == ReplicationState.VERIFY_T;
  }
}
