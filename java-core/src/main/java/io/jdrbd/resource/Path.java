package io.jdrbd.resource;

/** A pair of addresses over which a peer may be reached (spec 1.1). Used on the node's loop. */
public final class Path {
  private final Connection connection;
  private final Endpoint local;
  private final Endpoint peer;
  private boolean established;

  Path(Connection connection, Endpoint local, Endpoint peer) {
    this.connection = connection;
    this.local = local;
    this.peer = peer;
  }

  /** The connection that it belongs to. */
  public Connection connection() {
    return connection;
  }

  /** Where this node listens; its IP address is also what it dials from. */
  public Endpoint local() {
    return local;
  }

  /** Where the peer listens. */
  public Endpoint peer() {
    return peer;
  }

  /** Whether it carries the connection now. */
  public boolean established() {
    return established;
  }

  /** It carries the connection from now on, or no longer. */
  public void setEstablished(boolean now) {
    established = now;
    connection.resource().changed();
  }

  boolean joins(Endpoint one, Endpoint other) {
    return local.equals(one) && peer.equals(other);
  }

  PathView view() {
    return new PathView(local, peer, established);
  }

  /** {@code ipv4:192.0.2.1:7789 to ipv4:192.0.2.2:7789}. */
  @Override
  public String toString() {
    return local + " to " + peer;
  }
}
