package io.jdrbd.state.cluster;

import java.util.Optional;

/**
 * A change of a resource's state (spec 4.2). One change covers the whole resource: several states
 * of several volumes and connections change in one step.
 */
public final class StateChange {
  private StateChange() {}

  /**
   * Computes what comes of a change. Nothing is carried out: a change that a cluster is asked about
   * first is computed once to be refused at home, and again when it comes into force.
   *
   * @param now the state in force
   * @param wanted the same with what somebody wants to be different
   * @param kind where the wish comes from
   */
  public static Outcome apply(ResourceSnapshot now, ResourceSnapshot wanted, ChangeKind kind) {
    if (wanted.equals(now)) {
      return new Outcome.Unchanged(now);
    }
    Draft draft = new Draft(now, wanted, kind);
    Sanitizer.sanitize(draft);
    Optional<Outcome.Refused> refused = HardRules.check(draft);
    if (refused.isEmpty() && kind.mayBeRefused()) {
      refused = SoftRules.check(draft);
    }
    if (refused.isPresent()) {
      return refused.get();
    }
    Bookkeeping.update(draft);
    if (draft.next().equals(now)) {
      return new Outcome.Unchanged(now);
    }
    return new Outcome.Changed(now, draft.next(), Effects.of(draft), draft.reasons());
  }
}
