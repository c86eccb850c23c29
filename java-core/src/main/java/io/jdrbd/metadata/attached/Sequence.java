package io.jdrbd.metadata.attached;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;

/** Steps one after the other: each begins when the one before has ended, none after an error. */
final class Sequence {
  private final ArrayDeque<Consumer<Completion>> steps = new ArrayDeque<>();

  /** Adds a step that tells its end. */
  Sequence then(Consumer<Completion> step) {
    steps.add(step);
    return this;
  }

  /** Adds a step that is over at once. */
  Sequence thenRun(Runnable step) {
    return then(
        done -> {
          step.run();
          done.ended(Optional.empty());
        });
  }

  /** Begins; {@code done} is told of the first error, or of the end of the last step. */
  void run(Completion done) {
    Consumer<Completion> step = steps.poll();
    if (step == null) {
      done.ended(Optional.empty());
      return;
    }
    step.accept(
        error -> {
          if (error.isPresent()) {
            done.ended(error);
          } else {
            run(done);
          }
        });
  }
}
