/**
 * Digests and HMACs under the names of the Linux kernel, with the kernel's byte order (spec 1.7,
 * 2.8, 6.18.4). Pure: no I/O, no threads. Begin with {@link io.jdrbd.digest.DigestAlgorithm} and
 * {@link io.jdrbd.digest.Hmac}.
 */
package io.jdrbd.digest;
