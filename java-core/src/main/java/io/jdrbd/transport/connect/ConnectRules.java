package io.jdrbd.transport.connect;

import io.jdrbd.transport.PathAddresses;
import java.util.function.Predicate;

/**
 * What nodes do differently while they look for each other.
 *
 * @param dialsDataFirst whether the first socket that this node dials becomes DATA (else CONTROL)
 * @param keepsDialled whether, when both nodes have dialled the same stream, this node keeps the
 *     socket that it dialled (else the one that it accepted)
 */
public record ConnectRules(
    Predicate<PathAddresses> dialsDataFirst, Predicate<PathAddresses> keepsDialled) {

  /**
   * The node with the greater address dials DATA first and keeps what it dialled, the other one
   * dials CONTROL first and keeps what it accepted (spec 1.4.4, 1.4.5). So two jdrbd nodes mean the
   * same TCP connection when they cross. DRBD itself always keeps what it accepted: with the
   * greater address this node settles every crossing with it at once. With the lesser one it does
   * not cross with a first call of DRBD, 8.4 or 9, which is DATA; where a later call crosses, the
   * random waits help, as between two nodes of DRBD.
   */
  public static final ConnectRules JDRBD =
      new ConnectRules(PathAddresses::localIsGreater, PathAddresses::localIsGreater);
}
