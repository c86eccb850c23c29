package io.jdrbd.daemon;

import io.jdrbd.conf.ConfException;
import io.jdrbd.driver.Handlers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Runs handlers as processes with nothing but DRBD's variables in their environment (spec 7,
 * section 13).
 */
final class ProcessHandlers implements Handlers {
  private static final System.Logger LOG = System.getLogger(ProcessHandlers.class.getName());

  /** A node is fenced by then, or will not be. */
  private static final long PATIENCE_S = 300;

  /** So many may run at a time; what comes beyond is not run, and says so. */
  private static final int RUNNING_MAX = 32;

  private static final int NOT_RUN = -1;

  private final HandlerProgram.Finder programs;
  private final Semaphore places = new Semaphore(RUNNING_MAX);

  /**
   * @param programs what is run
   */
  ProcessHandlers(HandlerProgram.Finder programs) {
    this.programs = programs;
  }

  @Override
  public CompletionStage<Integer> run(Call call) {
    if (!places.tryAcquire()) {
      LOG.log(
          System.Logger.Level.ERROR,
          "{0}: handler {1} is not run, as {2} handlers run already",
          call.resource(),
          call.handler(),
          RUNNING_MAX);
      return CompletableFuture.completedStage(NOT_RUN);
    }
    CompletableFuture<Integer> ended = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("handler-" + call.handler())
        .start(() -> ended.complete(exitCode(call)));
    return ended;
  }

  private int exitCode(Call call) {
    try {
      Optional<HandlerProgram> program = programs.find(call);
      return program.isPresent() ? run(call, program.get()) : 0;
    } catch (IOException | ConfException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "{0}: handler {1} cannot be run: {2}",
          call.resource(),
          call.handler(),
          e.getMessage());
      return NOT_RUN;
    } finally {
      places.release();
    }
  }

  private static int run(Call call, HandlerProgram program) throws IOException {
    LOG.log(
        System.Logger.Level.INFO,
        "{0}: handler {1}: {2}",
        call.resource(),
        call.handler(),
        String.join(" ", program.command()));
    ProcessBuilder builder =
        new ProcessBuilder(program.command())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().clear();
    builder.environment().putAll(program.environment());
    return ended(call, builder.start());
  }

  private static int ended(Call call, Process process) {
    try {
      if (process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      LOG.log(
          System.Logger.Level.ERROR,
          "{0}: handler {1} has not ended within {2} s, and is killed",
          call.resource(),
          call.handler(),
          PATIENCE_S);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    return NOT_RUN;
  }
}
