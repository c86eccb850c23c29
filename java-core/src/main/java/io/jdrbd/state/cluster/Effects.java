package io.jdrbd.state.cluster;

import java.util.ArrayList;
import java.util.List;

/** All that has to be done after a change: first spec 4.5, then 4.6, each in its order. */
final class Effects {
  private Effects() {}

  static List<Effect> of(Draft draft) {
    List<Effect> effects = new ArrayList<>(new ImmediateEffects(draft).list());
    for (int volume : draft.next().volumes().keySet()) {
      for (int peer : draft.peers(volume)) {
        effects.addAll(new PeerDeviceEffects(draft, peer, volume).list());
      }
      effects.addAll(new VolumeEffects(draft, volume).list());
    }
    effects.addAll(new ResourceEffects(draft).list());
    return withoutRepeatedStates(effects);
  }

  /** A P_STATE that says what the one before it to the same peer said is left out. */
  private static List<Effect> withoutRepeatedStates(List<Effect> effects) {
    List<Effect> kept = new ArrayList<>();
    for (Effect effect : effects) {
      if (!(effect instanceof Effect.SendState) || !kept.contains(effect)) {
        kept.add(effect);
      }
    }
    return kept;
  }
}
