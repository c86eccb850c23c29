/**
 * The only door to C: finds and loads the JNI library of this platform. Begin at {@link
 * io.jdrbd.natives.NativeLibrary}. What the library offers has packages of its own: {@link
 * io.jdrbd.natives.uring}. May use nothing of jdrbd.
 */
package io.jdrbd.natives;
