package io.jdrbd.natives;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Loads jdrbd's JNI library, once per process: from the directory that the system property {@value
 * #DIRECTORY_PROPERTY} names (packages, read-only or noexec {@code /tmp}), else from the class path
 * (the jar of this platform), by way of a private temporary file that is deleted at once.
 */
public final class NativeLibrary {
  /** Names the directory that holds {@code libjdrbd.so}, instead of the one in the jar. */
  public static final String DIRECTORY_PROPERTY = "io.jdrbd.natives.directory";

  private static final String FILE_NAME = "libjdrbd.so";

  private static Optional<NativeLibraryException> failure = Optional.empty();
  private static boolean loaded;

  private NativeLibrary() {}

  /**
   * Loads the library unless it is loaded already. May be called on any thread.
   *
   * @throws NativeLibraryException it cannot be loaded; asking again gives the same answer
   */
  public static synchronized void load() throws NativeLibraryException {
    if (failure.isPresent()) {
      throw new NativeLibraryException(failure.get().getMessage(), failure.get());
    }
    if (loaded) {
      return;
    }
    try {
      find();
      loaded = true;
    } catch (NativeLibraryException e) {
      failure = Optional.of(e);
      throw e;
    }
  }

  /** The platform as it is named in the jar: {@code linux-x86_64}, {@code linux-aarch64}. */
  static String platform() {
    String machine = System.getProperty("os.arch");
    return "linux-" + (machine.equals("amd64") ? "x86_64" : machine);
  }

  private static void find() throws NativeLibraryException {
    String directory = System.getProperty(DIRECTORY_PROPERTY, "");
    if (!directory.isEmpty()) {
      loadFile(
          Path.of(directory).toAbsolutePath().resolve(FILE_NAME),
          "named by the property " + DIRECTORY_PROPERTY);
      return;
    }
    String resource = "/META-INF/native/" + platform() + "/" + FILE_NAME;
    URL url = NativeLibrary.class.getResource(resource);
    if (url == null) {
      throw new NativeLibraryException(
          "%s is not on the class path: this build of jdrbd has no library for %s; build it there or name a directory by the property %s"
              .formatted(resource, platform(), DIRECTORY_PROPERTY));
    }
    if (url.getProtocol().equals("file")) {
      loadFile(path(url), "found on the class path");
    } else {
      extractAndLoad(resource);
    }
  }

  private static Path path(URL url) throws NativeLibraryException {
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new NativeLibraryException(url + " is no path", e);
    }
  }

  /** The mapping outlives the file, so nothing stays behind however the process ends. */
  private static void extractAndLoad(String resource) throws NativeLibraryException {
    try {
      Path directory = Files.createTempDirectory("jdrbd-native-");
      Path file = directory.resolve(FILE_NAME);
      try (InputStream content = NativeLibrary.class.getResourceAsStream(resource)) {
        Files.copy(content, file);
        loadFile(file, "extracted from the jar's " + resource);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(directory);
      }
    } catch (NativeLibraryException e) {
      throw e;
    } catch (IOException e) {
      throw new NativeLibraryException(
          "%s cannot be extracted from the jar (java.io.tmpdir is %s): %s"
              .formatted(resource, System.getProperty("java.io.tmpdir"), e),
          e);
    }
  }

  private static void loadFile(Path file, String origin) throws NativeLibraryException {
    if (!Files.isReadable(file)) {
      throw new NativeLibraryException(
          "%s (%s) does not exist or is not readable".formatted(file, origin));
    }
    try {
      System.load(file.toString());
    } catch (UnsatisfiedLinkError e) {
      throw new NativeLibraryException(
          "%s (%s) cannot be loaded on %s: %s".formatted(file, origin, platform(), e.getMessage()),
          e);
    }
  }
}
