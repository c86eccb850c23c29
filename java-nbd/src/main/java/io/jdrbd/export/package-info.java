/**
 * What every way of offering a volume has in common: an {@link io.jdrbd.export.Export} is what is
 * offered, whether by the NBD server, as {@code /dev/nbdX} or, one day, through ublk. May use
 * jdrbd-core.
 */
package io.jdrbd.export;
