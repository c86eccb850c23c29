/**
 * Making a volume equal on two nodes while it is in use (spec 6).
 *
 * <p>Begin with {@link io.jdrbd.resync.ResyncTarget}, which walks its bitmap and asks, and {@link
 * io.jdrbd.resync.ResyncSource}, which answers. Nothing here knows packets: {@link
 * io.jdrbd.resync.TargetLine} and {@link io.jdrbd.resync.SourceLine} are what a connection has to
 * offer. Everything runs on the loop that owns the resource.
 */
package io.jdrbd.resync;
