package io.jdrbd.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library is loaded once per process, so each case is a process of its own. */
class NativeLibraryTest {
  private static final Path CLASSES = Path.of("target/classes");

  @TempDir private Path directory;

  /** Loads the library and prints what came of it. */
  static final class Load {
    private Load() {}

    public static void main(String[] arguments) {
      try {
        NativeLibrary.load();
        NativeLibrary.load();
        System.out.println("loaded");
      } catch (NativeLibraryException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void isFoundAmongTheClasses() throws Exception {
    assertThat(load(CLASSES)).isEqualTo("loaded");
  }

  @Test
  void isExtractedFromAJarAndLeavesNothingBehind() throws Exception {
    assertThat(load(jar("META-INF/native"), "-Djava.io.tmpdir=" + directory.resolve("tmp")))
        .isEqualTo("loaded");
    try (Stream<Path> left = Files.list(directory.resolve("tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void isTakenFromTheNamedDirectory() throws Exception {
    Path library = CLASSES.resolve("META-INF/native/" + NativeLibrary.platform()).toAbsolutePath();
    assertThat(load(jar("elsewhere"), "-Dio.jdrbd.natives.directory=" + library))
        .isEqualTo("loaded");
  }

  @Test
  void tellsThatThePlatformHasNone() throws Exception {
    assertThat(load(jar("elsewhere")))
        .contains("/META-INF/native/" + NativeLibrary.platform() + "/libjdrbd.so")
        .contains("no library for " + NativeLibrary.platform());
  }

  @Test
  void tellsThatTheNamedDirectoryHasNone() throws Exception {
    assertThat(load(CLASSES, "-Dio.jdrbd.natives.directory=/nowhere"))
        .contains("/nowhere/libjdrbd.so")
        .contains("io.jdrbd.natives.directory")
        .contains("does not exist");
  }

  @Test
  void tellsWhyTheFileCannotBeLoaded() throws Exception {
    Files.writeString(directory.resolve("libjdrbd.so"), "not a library");
    assertThat(load(CLASSES, "-Dio.jdrbd.natives.directory=" + directory))
        .contains(directory + "/libjdrbd.so")
        .contains(NativeLibrary.platform())
        .contains("file too short");
  }

  /** The classes in a jar, the library at the usual place or elsewhere in it. */
  private Path jar(String nativeDirectory) throws IOException {
    Files.createDirectory(directory.resolve("tmp"));
    Path jar = directory.resolve("native.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> tree = Files.walk(CLASSES)) {
      for (Path path : tree.filter(Files::isRegularFile).toList()) {
        String name = CLASSES.relativize(path).toString();
        out.putNextEntry(new JarEntry(name.replace("META-INF/native", nativeDirectory)));
        Files.copy(path, out);
      }
    }
    return jar;
  }

  private static String load(Path classPath, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xshare:auto"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath + ":target/test-classes", Load.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return output.strip();
  }
}
