package io.jdrbd.control;

import io.jdrbd.resync.VerifyReport;
import java.util.Optional;

/** What a verify has found, as JSON and back. */
public final class VerifyViews {
  private VerifyViews() {}

  /** Without values if there is no report. */
  public static Json.Obj toJson(Optional<VerifyReport> report) {
    return report.map(VerifyViews::toJson).orElseGet(Json.Obj::empty);
  }

  /** All of a report; positions and lengths in sectors of 512 bytes. */
  public static Json.Obj toJson(VerifyReport report) {
    return Json.Obj.empty()
        .with("complete", report.complete())
        .with("block-bytes", report.blockBytes())
        .with("compared-blocks", report.comparedBlocks())
        .with("out-of-sync-blocks", report.differentBlocks())
        .with("skipped-blocks", report.skippedBlocks())
        .with(
            "out-of-sync",
            new Json.Array(
                report.ranges().stream()
                    .<Json>map(
                        range ->
                            Json.Obj.empty()
                                .with("start-sector", range.startSector())
                                .with("sectors", range.sectors()))
                    .toList()));
  }

  /** The opposite of {@link #toJson(Optional)}. */
  public static Optional<VerifyReport> report(Json.Obj data) {
    return data.has("complete")
        ? Optional.of(
            new VerifyReport(
                data.flag("complete"),
                data.integer("block-bytes"),
                data.number("compared-blocks"),
                data.number("out-of-sync-blocks"),
                data.number("skipped-blocks"),
                data.array("out-of-sync").stream()
                    .map(Views::asObject)
                    .map(
                        range ->
                            new VerifyReport.Range(
                                range.number("start-sector"), range.number("sectors")))
                    .toList()))
        : Optional.empty();
  }
}
