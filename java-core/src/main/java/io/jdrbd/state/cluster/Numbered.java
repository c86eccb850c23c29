package io.jdrbd.state.cluster;

import io.jdrbd.state.ConnectionState;
import io.jdrbd.state.DiskState;
import io.jdrbd.state.ReplicationState;
import io.jdrbd.state.Role;
import java.util.Arrays;
import java.util.Optional;

/** States by the numbers that they have on the wire (spec 4.1.1). */
final class Numbered {
  private Numbered() {}

  static Optional<Role> role(int number) {
    return Arrays.stream(Role.values()).filter(role -> role.number() == number).findFirst();
  }

  static Optional<DiskState> disk(int number) {
    return Arrays.stream(DiskState.values()).filter(disk -> disk.number() == number).findFirst();
  }

  /** What a conn field says of the connection; 9 and all above mean Connected. */
  static ConnectionState connection(int conn) {
    return Arrays.stream(ConnectionState.values())
        .filter(state -> state.number() == conn)
        .findFirst()
        .orElse(ConnectionState.CONNECTED);
  }

  /** What a conn field says of the replication; 9 and all below mean Off. */
  static Optional<ReplicationState> replication(int conn) {
    int number = Math.max(conn, ReplicationState.OFF.number());
    return Arrays.stream(ReplicationState.values())
        .filter(state -> state.number() == number)
        .findFirst();
  }
}
