package io.jdrbd.cli;

import io.jdrbd.resource.PeerDeviceView;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.state.IoSuspension;
import io.jdrbd.state.ResyncSuspension;
import java.util.stream.Collectors;

/** Words that {@code status} and {@code events2} have in common. */
final class StateWords {
  private StateWords() {}

  static String yesNo(boolean value) {
    return value ? "yes" : "no";
  }

  /** {@code no}, or why the resource's I/O waits. */
  static String suspended(ResourceView resource) {
    return resource.suspensions().isEmpty()
        ? "no"
        : resource.suspensions().stream()
            .sorted()
            .map(IoSuspension::word)
            .collect(Collectors.joining(","));
  }

  /** {@code no}, or why a resync waits. */
  static String resyncSuspended(PeerDeviceView device) {
    return device.suspensions().isEmpty()
        ? "no"
        : device.suspensions().stream()
            .sorted()
            .map(ResyncSuspension::word)
            .collect(Collectors.joining(","));
  }

  static long kib(long sectors) {
    return sectors / 2;
  }
}
