package io.jdrbd.cluster;

import io.jdrbd.state.cluster.ResourceSnapshot;

/** Is told what becomes of a resource, on the loop. */
public interface ClusterListener {
  /** States have changed. */
  void changed(ResourceSnapshot before, ResourceSnapshot after);

  /**
   * Something was decided, or failed.
   *
   * @param peer the node id of the peer that it is about
   * @param question what it was about: {@code sync handshake of volume 0}
   * @param passed whether it went the way it was meant to
   * @param reason in words
   */
  void decided(int peer, String question, boolean passed, String reason);

  /** A handler has to run, such as {@code split-brain}. */
  void handler(String name, int peer);
}
