package io.jdrbd.cli;

import io.jdrbd.control.Event;
import io.jdrbd.resource.ConnectionView;
import io.jdrbd.resource.ResourceView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Waits until something of a resource has come.
 *
 * @param target what is awaited
 * @param seconds how long at most; 0 for any time
 * @param pastTheEnd whether to go on waiting for a connection that has ended
 * @param told is told whenever what is still missing has changed
 */
record Waiting(WaitTarget target, long seconds, boolean pastTheEnd, Consumer<List<String>> told) {

  /** How it ended. */
  sealed interface End {
    /** What was awaited has come, or there is nothing of the kind. */
    record Reached() implements End {}

    /** A connection has ended. */
    record Ended(ConnectionView connection) implements End {}

    /** The time was over. */
    record TimedOut(List<String> still) implements End {
      public TimedOut {
        still = List.copyOf(still);
      }
    }
  }

  End run(Surroundings surroundings) throws IOException {
    long deadlineNs =
        System.nanoTime() + (seconds == 0 ? Long.MAX_VALUE / 2 : TimeUnit.SECONDS.toNanos(seconds));
    List<String> still = List.of();
    boolean seen = false;
    try (EventFeed feed = new EventFeed(surroundings)) {
      for (Optional<Event> event = feed.next(deadlineNs);
          event.isPresent();
          event = feed.next(deadlineNs)) {
        Optional<ResourceView> now = stateIn(event.get());
        if (isGone(event.get(), seen)) {
          return new End.Reached();
        }
        if (now.isEmpty()) {
          continue;
        }
        seen = true;
        switch (target.look(now.get())) {
          case WaitTarget.Outlook.Reached reached -> {
            return new End.Reached();
          }
          case WaitTarget.Outlook.Ended ended -> {
            if (!pastTheEnd) {
              return new End.Ended(ended.connection());
            }
          }
          case WaitTarget.Outlook.Pending pending -> {
            if (!pending.still().equals(still)) {
              still = pending.still();
              told.accept(still);
            }
          }
        }
      }
    }
    return new End.TimedOut(still);
  }

  private Optional<ResourceView> stateIn(Event event) {
    return event instanceof Event.Changed changed
            && changed.resource().name().equals(target.resource())
        ? Optional.of(changed.resource())
        : Optional.empty();
  }

  /** The resource was deleted, or was not there at the beginning. */
  private boolean isGone(Event event, boolean seen) {
    return switch (event) {
      case Event.Gone gone -> gone.name().equals(target.resource());
      case Event.InitialStateDone done -> !seen;
      case Event.Changed changed -> false;
      case Event.Overrun overrun -> false;
    };
  }
}
