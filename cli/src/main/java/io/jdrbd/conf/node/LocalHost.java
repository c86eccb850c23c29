package io.jdrbd.conf.node;

import java.util.Locale;
import java.util.function.Predicate;

/**
 * The host that a configuration is read for.
 *
 * @param name as {@code uname -n} tells it
 * @param hasAddress whether one of its interfaces has an address
 */
public record LocalHost(String name, Predicate<String> hasAddress) {
  /**
   * Whether a name of the configuration means this host (spec 7, section 4.1): letters count in any
   * case, and a name without a domain means a host of any domain.
   */
  public boolean isCalled(String written) {
    String here = name.toLowerCase(Locale.ROOT);
    String there = written.toLowerCase(Locale.ROOT);
    if ((here.indexOf('.') < 0) != (there.indexOf('.') < 0)) {
      return withoutDomain(here).equals(withoutDomain(there));
    }
    return here.equals(there);
  }

  private static String withoutDomain(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }
}
