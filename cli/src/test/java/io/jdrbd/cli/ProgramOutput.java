package io.jdrbd.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What a program that runs has printed so far. A thread of its own reads it. */
final class ProgramOutput {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private final StringBuilder text = new StringBuilder();
  private boolean ended;

  /**
   * @param process whose standard output nobody else reads
   */
  ProgramOutput(Process process) {
    Thread.ofPlatform().daemon().name("output of " + process.pid()).start(() -> read(process));
  }

  private void read(Process process) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        add(line + "\n", false);
      }
      add("", true);
    } catch (IOException e) {
      add(e.toString(), true);
      throw new UncheckedIOException(e);
    }
  }

  private void add(String more, boolean last) {
    lock.lock();
    try {
      text.append(more);
      ended = last;
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** All whole lines. */
  String text() {
    lock.lock();
    try {
      return text.toString();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all of these have been printed in this order; fails if the program ends without, or
   * if it takes long.
   */
  void await(Duration bound, String... wanted) throws InterruptedException {
    long leftNs = bound.toNanos();
    lock.lock();
    try {
      while (!contains(wanted)) {
        if (ended || leftNs <= 0) {
          throw new AssertionError(
              "%s without %s in: %s"
                  .formatted(ended ? "ended" : bound.toSeconds() + " s", List.of(wanted), text));
        }
        leftNs = grown.awaitNanos(leftNs);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean contains(String... wanted) {
    int from = 0;
    for (String part : wanted) {
      int at = text.indexOf(part, from);
      if (at < 0) {
        return false;
      }
      from = at + part.length();
    }
    return true;
  }
}
