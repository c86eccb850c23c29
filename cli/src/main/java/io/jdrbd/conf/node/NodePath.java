package io.jdrbd.conf.node;

/** A path with both of its ends, in the order in which they are written. */
public record NodePath(NodeEnd first, NodeEnd second) {
  /** The end of a host. */
  public NodeEnd of(NodeHost host) {
    return first.host().equals(host) ? first : second;
  }

  /** The end of the other host. */
  public NodeEnd opposite(NodeHost host) {
    return first.host().equals(host) ? second : first;
  }

  /** Whether a host is at one of its ends. */
  public boolean has(NodeHost host) {
    return first.host().equals(host) || second.host().equals(host);
  }
}
