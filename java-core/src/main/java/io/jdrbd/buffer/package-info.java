/**
 * Payload memory: page-aligned, reference-counted buffers from one fixed region, shared by sockets
 * and disks so that a payload is copied at most once on its way. Begin at {@link
 * io.jdrbd.buffer.BufferPool}. May use nothing of jdrbd.
 */
package io.jdrbd.buffer;
