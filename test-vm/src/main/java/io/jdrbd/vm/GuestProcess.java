package io.jdrbd.vm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A command that runs in a guest. Made by {@link Guest#start(String)}. */
public final class GuestProcess {

  private final Guest guest;
  private final AgentChannel channel;
  private final int id;
  private final String script;
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  GuestProcess(Guest guest, AgentChannel channel, int id, String script) {
    this.guest = guest;
    this.channel = channel;
    this.id = id;
    this.script = script;
  }

  /** The standard output that has arrived so far. */
  public String stdout() {
    return stdout.toString(StandardCharsets.UTF_8);
  }

  /** The standard error that has arrived so far. */
  public String stderr() {
    return stderr.toString(StandardCharsets.UTF_8);
  }

  /** Whether the command still runs, as far as the harness has heard. */
  public boolean isRunning() {
    return !exit.isDone();
  }

  /** Sends a signal to the process group of the command. */
  public void signal(int signalNumber) {
    channel.kill(id, signalNumber);
  }

  /**
   * Waits for the end of the command.
   *
   * @throws GuestException if the command has not ended in this time (it is killed then), or the
   *     guest is gone
   */
  public CommandResult await(Duration timeout) {
    try {
      int exitCode = exit.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new CommandResult(exitCode, stdout(), stderr());
    } catch (TimeoutException e) {
      signal(9);
      throw guest.failure("did not end within " + timeout.toSeconds() + " s: " + describe(), e);
    } catch (ExecutionException e) {
      throw guest.failure("the guest was lost while it ran: " + describe(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw guest.failure("interrupted while it ran: " + describe(), e);
    }
  }

  /** The script and its output so far, for a message. */
  String describe() {
    return script + "\nstdout: " + stdout() + "\nstderr: " + stderr();
  }

  void onStdout(byte[] bytes) {
    stdout.writeBytes(bytes);
  }

  void onStderr(byte[] bytes) {
    stderr.writeBytes(bytes);
  }

  void onExit(int exitCode) {
    exit.complete(exitCode);
  }

  void onLost(Exception cause) {
    exit.completeExceptionally(cause);
  }
}
