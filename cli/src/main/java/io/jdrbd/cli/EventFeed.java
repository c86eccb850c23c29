package io.jdrbd.cli;

import io.jdrbd.control.ControlClient;
import io.jdrbd.control.Event;
import io.jdrbd.control.Json;
import io.jdrbd.control.JsonException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The daemon's events for somebody who does not want to wait for them without limit. */
final class EventFeed implements AutoCloseable {
  private final ControlClient daemon;
  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

  private sealed interface Arrival {
    record Told(Event event) implements Arrival {}

    record Broken(IOException error) implements Arrival {}
  }

  /** Begins to listen. */
  EventFeed(Surroundings surroundings) throws IOException {
    daemon = surroundings.connect();
    Snapshot.data(daemon.call("events", Json.Obj.empty()));
    Thread.ofPlatform().daemon().name("events").start(this::read);
  }

  private void read() {
    try {
      while (true) {
        arrivals.add(new Arrival.Told(Event.fromJson(daemon.receive())));
      }
    } catch (IOException e) {
      arrivals.add(new Arrival.Broken(e));
    } catch (JsonException e) {
      arrivals.add(new Arrival.Broken(new IOException(e)));
    }
  }

  /**
   * The next event, or nothing when the time has come.
   *
   * @param deadlineNs by {@link System#nanoTime}
   */
  Optional<Event> next(long deadlineNs) throws IOException {
    try {
      Arrival arrival = arrivals.poll(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (arrival instanceof Arrival.Broken broken) {
        throw broken.error();
      }
      return Optional.ofNullable(arrival).map(told -> ((Arrival.Told) told).event());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    daemon.close();
  }
}
