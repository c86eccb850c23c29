package io.jdrbd.disk;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The media that every engine is tested on. Those that only root can make are left out on a user's
 * machine, with a message; where {@code CI=true} they are never left out.
 */
public final class Media {
  private static final boolean MUST_HAVE_ALL = "true".equals(System.getenv("CI"));
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private Media() {}

  public static Stream<Medium.Kind> all() {
    return Arrays.stream(Medium.Kind.values()).filter(Media::possible);
  }

  private static boolean possible(Medium.Kind kind) {
    boolean possible = ROOT || MUST_HAVE_ALL || !kind.needsRoot();
    if (!possible) {
      System.err.println("not tested, as it needs root: " + kind);
    }
    return possible;
  }
}
