/**
 * Metadata on a medium, step after step: read, check, apply the activity log, write in the order
 * that survives a crash. The code here waits for its I/O, so it runs in a command or on a thread of
 * its own, never on the event loop; the running disk is {@code metadata.attached}'s matter. Begin
 * with {@link io.jdrbd.metadata.store.MetadataStore}.
 */
package io.jdrbd.metadata.store;
