package io.jdrbd.daemon;

import io.jdrbd.control.JsonException;
import io.jdrbd.control.JsonText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Keeps the state of a daemon in a file that is always whole: the old state or the new one. */
final class StateFile implements AutoCloseable {
  private static final long CLOSE_SECONDS_MAX = 5;

  /** The state holds the secrets of connections. */
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path file;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("state-file").factory());

  StateFile(Path file) {
    this.file = file;
  }

  /**
   * What was saved last; nothing if there is no file. Blocking.
   *
   * @throws DaemonException if the file cannot be read or understood
   */
  SavedState load() throws DaemonException {
    try {
      return SavedState.fromJson(JsonText.parse(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return SavedState.empty();
    } catch (IOException | JsonException | ClassCastException | IllegalArgumentException e) {
      throw new DaemonException(
          "the saved state %s cannot be read (%s); move it away to begin with nothing configured"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** Saves on a thread of its own; what was given first is written first. */
  CompletionStage<Void> save(SavedState state) {
    return CompletableFuture.runAsync(() -> write(JsonText.write(state.toJson())), writer);
  }

  private void write(byte[] text) {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (FileChannel channel =
          FileChannel.open(
              fresh,
              Set.of(
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE),
              OWNER_ONLY)) {
        ByteBuffer bytes = ByteBuffer.wrap(text);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new CompletionException("cannot save the state in " + file, e);
    }
  }

  /** Waits for what is being written. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
        writer.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
