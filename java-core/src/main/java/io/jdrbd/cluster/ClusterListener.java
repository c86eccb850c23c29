package io.jdrbd.cluster;

import io.jdrbd.resync.VerifyReport;
import io.jdrbd.state.cluster.ResourceSnapshot;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

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

  /**
   * A verify is over, or was interrupted.
   *
   * @param peer the node id of the peer with which the volume was compared
   */
  void verified(int peer, int volume, VerifyReport report);

  /**
   * A handler has to run (spec 7, section 13).
   *
   * @param name such as {@code split-brain}
   * @param peer the node id of the peer that it is about
   * @param volume that it is about
   * @return its exit code, on the loop; 0 where there is none
   */
  CompletionStage<Integer> handler(String name, OptionalInt peer, OptionalInt volume);
}
