package io.jdrbd.conf;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a configuration says of the host as a whole (spec 7, section 5.7).
 *
 * @param ipVerification whether local addresses are to be looked for on the interfaces
 * @param udevAlwaysUseVnr whether links to volumes have their number although there is only one
 * @param minorCount of the kernel's module; means nothing here
 * @param dialogRefresh how often a dialog counts down, in seconds
 * @param usageCount {@code yes}, {@code no} or {@code ask}; jdrbd tells nobody in any case
 */
public record GlobalConf(
    boolean ipVerification,
    boolean udevAlwaysUseVnr,
    OptionalInt minorCount,
    OptionalInt dialogRefresh,
    Optional<String> usageCount) {
  /** What holds where nothing is said. */
  public static final GlobalConf DEFAULT =
      new GlobalConf(true, false, OptionalInt.empty(), OptionalInt.empty(), Optional.empty());
}
