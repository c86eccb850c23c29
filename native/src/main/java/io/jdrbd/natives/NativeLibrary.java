package io.jdrbd.natives;

/** Loads jdrbd's JNI library from the jar of this platform, once. */
public final class NativeLibrary {
  private NativeLibrary() {}
}
