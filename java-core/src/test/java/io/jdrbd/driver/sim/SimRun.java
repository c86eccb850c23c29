package io.jdrbd.driver.sim;

import io.jdrbd.metadata.tool.ToolException;
import io.jdrbd.sim.SimWorld;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What happens in one world, by its seed. */
interface SimRun extends AutoCloseable {
  /** Makes one. */
  @FunctionalInterface
  interface Factory {
    /**
     * A run that has not begun.
     *
     * @param trace is told what happens in it, and does not ask for the text if nobody reads it
     */
    SimRun create(long seed, Consumer<Supplier<String>> trace);
  }

  /**
   * From the beginning to the end.
   *
   * @throws AssertionError something has happened that must not
   */
  void run() throws IOException, ToolException;

  /** Where it happens. */
  SimWorld world();

  /** Who takes part. */
  List<SimHost> hosts();

  /** For people. */
  void trace(String what);

  /** How things stand, for people. */
  String text();

  /** Ends the world. */
  @Override
  void close();
}
