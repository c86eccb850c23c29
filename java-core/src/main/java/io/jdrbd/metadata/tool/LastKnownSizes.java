package io.jdrbd.metadata.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The memos of former sizes, a file for each minor, as {@code drbdmeta} keeps them. Waits for its
 * I/O.
 *
 * @param directory {@code /var/lib/drbd} where they are shared with drbd-utils
 */
public record LastKnownSizes(Path directory) {

  private Path file(int minor) {
    return directory.resolve("drbd-minor-%d.lkbd".formatted(minor));
  }

  /** The memo of a minor; empty if there is none that can be understood. */
  public Optional<LastKnownSize> find(int minor) throws IOException {
    try {
      return LastKnownSize.parse(Files.readString(file(minor), StandardCharsets.UTF_8));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  /** Writes a memo; a crash leaves the one before or this one. */
  public void remember(int minor, LastKnownSize memo) throws IOException {
    Files.createDirectories(directory);
    Path fresh = directory.resolve(file(minor).getFileName() + ".new");
    Files.writeString(fresh, memo.text(), StandardCharsets.UTF_8);
    Files.move(
        fresh, file(minor), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes a memo, if there is one. */
  public void forget(int minor) throws IOException {
    Files.deleteIfExists(file(minor));
  }
}
