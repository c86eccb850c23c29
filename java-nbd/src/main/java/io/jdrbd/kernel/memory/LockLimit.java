package io.jdrbd.kernel.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether this process may lock as much memory as it likes. */
final class LockLimit {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final int CAP_IPC_LOCK = 14;

  private LockLimit() {}

  static boolean isUnlimited() throws IOException {
    return hasCapability(Files.readAllLines(STATUS)) || hasNoLimit(Files.readAllLines(LIMITS));
  }

  static boolean hasCapability(List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith("CapEff:"))
        .map(line -> line.substring("CapEff:".length()).strip())
        .anyMatch(hex -> (Long.parseUnsignedLong(hex, 16) >> CAP_IPC_LOCK & 1) == 1);
  }

  static boolean hasNoLimit(List<String> limits) {
    return limits.stream().anyMatch(line -> line.matches("Max locked memory +unlimited .*"));
  }
}
