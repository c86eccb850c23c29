/**
 * The only door to C: loads the JNI library and declares its functions. Rings are shared memory;
 * what is here is for set-up, enter and registration. Begin at {@link
 * io.jdrbd.natives.NativeLibrary}.
 */
package io.jdrbd.natives;
