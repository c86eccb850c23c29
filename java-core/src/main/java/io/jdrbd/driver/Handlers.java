package io.jdrbd.driver;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Runs the programs that are told of events, and that may decide (spec 7, section 13). */
@FunctionalInterface
public interface Handlers {
  /** None are configured: whatever happens, nobody is told. */
  Handlers NONE = call -> CompletableFuture.completedStage(0);

  /**
   * Runs a handler. Called on the loop; must not block.
   *
   * @return its exit code, on any thread; a negative one if it could not be run, or not to its end
   */
  CompletionStage<Integer> run(Call call);

  /**
   * What a handler is run for.
   *
   * @param handler its name: {@code fence-peer}
   * @param resource that it is about
   * @param environment all that it is told besides
   */
  record Call(String handler, String resource, Map<String, String> environment) {
    /** Copies the environment. */
    public Call {
      environment = Map.copyOf(environment);
    }
  }
}
