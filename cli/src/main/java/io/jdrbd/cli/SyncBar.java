package io.jdrbd.cli;

import io.jdrbd.resource.PeerDeviceView;
import io.jdrbd.resource.SyncProgress;
import java.util.Optional;

/**
 * How far a resync or verify is, for people who wait: {@code [#####-----] 50.00 % done, 12.30
 * MiB/s, 8 s left}.
 */
final class SyncBar {
  private static final int CELLS = 20;
  private static final String UNKNOWN = "?";

  private SyncBar() {}

  /** Empty if none runs, or nothing is known of it. */
  static Optional<String> of(PeerDeviceView device) {
    SyncFigures figures = new SyncFigures(device, 0);
    return figures
        .details()
        .filter(progress -> figures.running())
        .map(progress -> bar(figures, progress));
  }

  private static String bar(SyncFigures figures, SyncProgress progress) {
    String done = figures.done();
    int full = (int) Math.clamp(Double.parseDouble(done) * CELLS / 100, 0, CELLS);
    return "[%s%s] %s %% done, %s MiB/s, %s s left"
        .formatted(
            "#".repeat(full),
            "-".repeat(CELLS - full),
            done,
            SyncFigures.speed(progress.youngerMark()),
            figures.secondsLeft(progress, UNKNOWN));
  }
}
