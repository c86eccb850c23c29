package io.jdrbd.cluster;

import io.jdrbd.state.cluster.ChangeKind;
import io.jdrbd.state.cluster.Effect;
import io.jdrbd.state.cluster.Outcome;
import io.jdrbd.state.cluster.ResourceSnapshot;
import io.jdrbd.state.cluster.StateChange;
import io.jdrbd.state.cluster.StateText;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The states of a resource that are in force, and the only way to change them (spec 4.2). A change
 * is computed by pure rules and in force at once; what follows from it is carried out in order. On
 * the loop.
 */
final class States {
  private static final System.Logger LOG = System.getLogger(States.class.getName());

  private final ClusterResource resource;
  private final EffectQueue effects = new EffectQueue();
  private final EffectRunner runner;
  private final InForce inForce;
  private final RuleFacts facts;
  private ResourceSnapshot now;

  /**
   * @param initially without volumes and connections
   */
  States(ClusterResource resource, ResourceSnapshot initially) {
    this.resource = resource;
    this.runner = new EffectRunner(resource);
    this.inForce = new InForce(resource, effects);
    this.facts = new RuleFacts(resource);
    this.now = initially;
  }

  /** The states in force. */
  ResourceSnapshot now() {
    return now;
  }

  /** The states in force, and all that the rules have to know besides. */
  ResourceSnapshot known() {
    return facts.in(now);
  }

  /** What there is has changed, or what is known of it: no rule has a say. */
  void configure(UnaryOperator<ResourceSnapshot> change) {
    now = change.apply(now);
  }

  /** Marks the new generation of a volume as made, or as not due any more. */
  void newUuidIsMade(int volume) {
    now = now.changeVolume(volume, state -> state.withOwesNewUuid(false));
  }

  /**
   * Changes states, if the rules allow it.
   *
   * @param wish what should be different
   * @param kind where the wish comes from
   * @param cause for the log
   */
  Outcome change(UnaryOperator<ResourceSnapshot> wish, ChangeKind kind, String cause) {
    ResourceSnapshot before = known();
    Outcome outcome = StateChange.apply(before, wish.apply(before), kind);
    takeEffect(before, outcome, cause);
    return outcome;
  }

  /**
   * Carries out what the rules made of a wish.
   *
   * @param before what they were asked about: nothing has changed since
   */
  void takeEffect(ResourceSnapshot before, Outcome outcome, String cause) {
    switch (outcome) {
      case Outcome.Unchanged unchanged -> now = unchanged.state();
      case Outcome.Refused refused ->
          LOG.log(
              System.Logger.Level.INFO, "{0}: {1} refused: {2}", resource.name(), cause, refused);
      case Outcome.Changed changed -> {
        now = changed.after();
        log(cause, changed);
        resource.listener().changed(before, now);
        inForce.changed(before, changed.after());
        changed.effects().forEach(this::enqueue);
      }
    }
  }

  private void log(String cause, Outcome.Changed changed) {
    List<String> lines = StateText.lines(changed.before(), changed.after());
    if (!lines.isEmpty()) {
      LOG.log(
          System.Logger.Level.INFO,
          "{0}: {1}: {2}{3}",
          resource.name(),
          cause,
          String.join("; ", lines),
          changed.reasons().isEmpty() ? "" : " (" + String.join("; ", changed.reasons()) + ")");
    }
  }

  private void enqueue(Effect effect) {
    effects.add(done -> runner.run(effect, done));
  }

  /** Does something after all effects of all changes until now. */
  void afterEffects(Runnable task) {
    effects.addNow(task);
  }

  /** What follows from changes waits until the gate is opened. */
  EffectQueue.Gate holdEffects() {
    return effects.gate();
  }

  /** Applications wait where they have to, and go on where not. */
  void holdWrites() {
    inForce.holdWrites();
  }
}
