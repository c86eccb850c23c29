/**
 * How large a volume is, where several nodes have to agree on it (spec 3.2). Sizes are in sectors
 * of 512 bytes; 0 means "none" or "no wish". Begin with {@link io.jdrbd.state.sizes.SizeAgreement}
 * and {@link io.jdrbd.state.sizes.SizeRules}.
 */
package io.jdrbd.state.sizes;
