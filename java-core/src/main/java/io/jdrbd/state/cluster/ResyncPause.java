package io.jdrbd.state.cluster;

/**
 * Why a resync is paused (spec 4.1).
 *
 * @param user by the administrator here
 * @param peer the peer says so
 * @param dependency by resync-after
 * @param other another connection of the volume has precedence
 * @param limit as many resyncs run as may run at the same time
 */
public record ResyncPause(
    boolean user, boolean peer, boolean dependency, boolean other, boolean limit) {
  /** Not paused. */
  public static final ResyncPause NONE = new ResyncPause(false, false, false, false, false);

  /** Whether there is any reason. */
  public boolean any() {
    return user || peer || byUs();
  }

  /** Whether this node has a reason of its own, apart from the administrator's wish. */
  boolean byUs() {
    return dependency || other || limit;
  }

  /** Whether there is a reason, apart from the precedence of another connection. */
  boolean anyButOther() {
    return user || peer || dependency || limit;
  }

  /** Whether this differs from the other in what the peer is told. */
  boolean tellsOtherThan(ResyncPause before) {
    return user != before.user || byUs() != before.byUs();
  }

  /** The same but for the administrator's wish. */
  public ResyncPause withUser(boolean wanted) {
    return new ResyncPause(wanted, peer, dependency, other, limit);
  }

  /** The same but for what the peer says. */
  public ResyncPause withPeer(boolean wanted) {
    return new ResyncPause(user, wanted, dependency, other, limit);
  }

  /** The same but for resync-after. */
  public ResyncPause withDependency(boolean wanted) {
    return new ResyncPause(user, peer, wanted, other, limit);
  }

  /** The same but for the precedence of another connection. */
  public ResyncPause withOther(boolean wanted) {
    return new ResyncPause(user, peer, dependency, wanted, limit);
  }

  /** The same but for the limit of parallel resyncs. */
  public ResyncPause withLimit(boolean wanted) {
    return new ResyncPause(user, peer, dependency, other, wanted);
  }
}
