/**
 * The language of {@code drbd.conf} (spec 7, sections 2 and 3): text becomes {@link
 * io.jdrbd.conf.Token}s, tokens become {@link io.jdrbd.conf.Statement}s, and files with all they
 * include are read by {@link io.jdrbd.conf.ConfReader}. Every complaint names the place. What is
 * written is a {@link io.jdrbd.conf.Configuration}; what {@code show} prints is read, too.
 */
package io.jdrbd.conf;
