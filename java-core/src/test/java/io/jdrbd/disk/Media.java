package io.jdrbd.disk;

import java.util.stream.Stream;

/**
 * The media that every engine is tested on. Those that only root can make are left out on a user's
 * machine, with a message; where {@code CI=true} they are never left out.
 */
public final class Media {
  private static final boolean MUST_HAVE_ALL = "true".equals(System.getenv("CI"));
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private Media() {}

  /** Media that work. */
  public static Stream<Medium.Kind> sound() {
    return Stream.of(
            Medium.Kind.FILE, Medium.Kind.LOOP_512, Medium.Kind.LOOP_4096, Medium.Kind.RAMFS)
        .filter(Media::possible);
  }

  /** A medium that fills up. */
  public static Stream<Medium.Kind> full() {
    return Stream.of(Medium.Kind.SPARSE_ON_FULL).filter(Media::possible);
  }

  /** A medium with sectors that cannot be read. */
  public static Stream<Medium.Kind> bad() {
    return Stream.of(Medium.Kind.BAD_SECOND_HALF).filter(Media::possible);
  }

  private static boolean possible(Medium.Kind kind) {
    boolean possible = ROOT || MUST_HAVE_ALL || !kind.needsRoot();
    if (!possible) {
      System.err.println("not tested, as it needs root: " + kind);
    }
    return possible;
  }
}
