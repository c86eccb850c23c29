package io.jdrbd.conf;

/**
 * What a configuration says of the host as a whole (spec 7, section 5.7).
 *
 * @param ipVerification whether local addresses are to be looked for on the interfaces
 * @param udevAlwaysUseVnr whether links to volumes have their number although there is only one
 */
public record GlobalConf(boolean ipVerification, boolean udevAlwaysUseVnr) {
  static final GlobalConf DEFAULT = new GlobalConf(true, false);
}
