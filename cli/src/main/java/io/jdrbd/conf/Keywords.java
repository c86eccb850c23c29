package io.jdrbd.conf;

import java.util.Set;

/** The words that cannot be used without quotes where a string is wanted (spec 7, section 2). */
final class Keywords {
  private static final Set<String> ALL =
      Set.of(
          ("global common resource skip include template-file on stacked-on-top-of floating disk"
               + " net syncer startup handlers options proxy connection connection-mesh path volume"
               + " device minor meta-disk flexible-meta-disk address node-id host hosts port via"
               + " inside outside outside-address tiebreaker usage-count yes no ask minor-count"
               + " dialog-refresh disable-ip-verification udev-always-use-vnr cmd-timeout-short"
               + " cmd-timeout-medium cmd-timeout-long ipv4 ipv6 sci ssocks sdp _this_host"
               + " _remote_host _peer_node_id _cstate _unknown require-drbd-module-version-eq"
               + " require-drbd-module-version-ne require-drbd-module-version-gt"
               + " require-drbd-module-version-ge require-drbd-module-version-lt"
               + " require-drbd-module-version-le")
              .split(" ", -1));

  private Keywords() {}

  static boolean has(String word) {
    return ALL.contains(word);
  }
}
