package io.jdrbd.resource;

import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;

/** IPv6 addresses in the short form of RFC 5952, as other programs print them. */
final class Ipv6Text {
  private static final int GROUPS = 8;

  private Ipv6Text() {}

  static String of(Inet6Address address) {
    ShortBuffer groups = ByteBuffer.wrap(address.getAddress()).asShortBuffer();
    int start = longestRunOfZeroes(groups);
    int end = start + zeroesAt(groups, start);
    StringBuilder text = new StringBuilder();
    for (int group = 0; group < GROUPS; group++) {
      if (group == start && end - start > 1) {
        text.append("::");
        group = end - 1;
      } else {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(Short.toUnsignedInt(groups.get(group))));
      }
    }
    return text.append(scope(address)).toString();
  }

  private static int longestRunOfZeroes(ShortBuffer groups) {
    int best = 0;
    for (int group = 1; group < GROUPS; group++) {
      if (zeroesAt(groups, group) > zeroesAt(groups, best)) {
        best = group;
      }
    }
    return best;
  }

  private static int zeroesAt(ShortBuffer groups, int group) {
    int end = group;
    while (end < GROUPS && groups.get(end) == 0) {
      end++;
    }
    return end - group;
  }

  private static String scope(Inet6Address address) {
    String text = address.getHostAddress();
    int percent = text.indexOf('%');
    return percent < 0 ? "" : text.substring(percent);
  }
}
