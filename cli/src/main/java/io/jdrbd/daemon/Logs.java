package io.jdrbd.daemon;

import java.io.PrintStream;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Sends the log to standard error: one line per event, with the time, or, for the journal, which
 * knows the time, with the priority.
 */
public final class Logs {
  private static final String ROOT = "";

  private Logs() {}

  /**
   * Sets the log up; must come before anything is logged.
   *
   * @param level what is logged: {@code error}, {@code warning}, {@code info}, {@code debug}
   * @throws IllegalArgumentException if it is none of these
   */
  public static void setUp(String level) {
    Level threshold = level(level);
    boolean journal = System.getenv("JOURNAL_STREAM") != null;
    System.setProperty("java.util.logging.manager", LastingLogManager.class.getName());
    Logger root = Logger.getLogger(ROOT);
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.setLevel(threshold);
    root.addHandler(new StderrHandler(System.err, journal ? new Journal() : new Dated()));
    if (threshold.intValue() < Level.INFO.intValue()) {
      Logger.getLogger("io.netty").setLevel(Level.INFO);
    }
  }

  private static Level level(String word) {
    return switch (word) {
      case "error" -> Level.SEVERE;
      case "warning" -> Level.WARNING;
      case "info" -> Level.INFO;
      case "debug" -> Level.FINE;
      default ->
          throw new IllegalArgumentException(
              "log level '" + word + "' is not error, warning, info or debug");
    };
  }

  /** Goes on logging while the process ends; java.util.logging would stop first. */
  public static final class LastingLogManager extends LogManager {
    @Override
    public void reset() {
      // The handlers stay until there is no process any more.
    }
  }

  private static final class StderrHandler extends Handler {
    private final PrintStream stream;

    StderrHandler(PrintStream stream, Formatter formatter) {
      this.stream = stream;
      setFormatter(formatter);
    }

    @Override
    public void publish(LogRecord event) {
      if (isLoggable(event)) {
        stream.print(getFormatter().format(event));
        stream.flush();
      }
    }

    @Override
    public void flush() {
      stream.flush();
    }

    @Override
    public void close() {
      flush();
    }
  }

  private abstract static class OneLine extends Formatter {
    String text(LogRecord event) {
      StringBuilder text = new StringBuilder(formatMessage(event).replace("\n", " | "));
      Optional<Throwable> cause = Optional.ofNullable(event.getThrown());
      while (cause.isPresent()) {
        text.append(": ").append(cause.get());
        if (cause.get() instanceof RuntimeException && cause.get().getStackTrace().length > 0) {
          text.append(" at ").append(cause.get().getStackTrace()[0]);
        }
        cause = Optional.ofNullable(cause.get().getCause());
      }
      return text.append('\n').toString();
    }
  }

  private static final class Dated extends OneLine {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    @Override
    public String format(LogRecord event) {
      return "%s %-7s %s"
          .formatted(
              TIME.format(LocalDateTime.ofInstant(event.getInstant(), ZoneId.systemDefault())),
              word(event.getLevel()),
              text(event));
    }

    private static String word(Level level) {
      if (level.intValue() >= Level.SEVERE.intValue()) {
        return "error";
      }
      if (level.intValue() >= Level.WARNING.intValue()) {
        return "warning";
      }
      return level.intValue() >= Level.INFO.intValue() ? "info" : "debug";
    }
  }

  private static final class Journal extends OneLine {
    @Override
    public String format(LogRecord event) {
      return "<%d>%s".formatted(priority(event.getLevel()), text(event));
    }

    private static int priority(Level level) {
      if (level.intValue() >= Level.SEVERE.intValue()) {
        return 3;
      }
      if (level.intValue() >= Level.WARNING.intValue()) {
        return 4;
      }
      return level.intValue() >= Level.INFO.intValue() ? 6 : 7;
    }
  }
}
