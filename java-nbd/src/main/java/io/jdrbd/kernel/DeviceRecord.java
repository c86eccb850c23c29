package io.jdrbd.kernel;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/**
 * What must be known after a restart to take a device over. It is written before the device is
 * connected, so that no device can be without one; which device it is, sysfs tells.
 *
 * @param backend the identifier that the device was, or was to be, connected with; unique
 * @param connections how many sockets it has
 * @param blockBytes its logical block
 * @param readOnly whether it can only be read
 */
record DeviceRecord(String backend, int connections, int blockBytes, boolean readOnly) {

  static DeviceRecord create(VolumeName volume, int connections, int blockBytes, boolean readOnly) {
    return new DeviceRecord(
        "jdrbd %s %s".formatted(volume, UUID.randomUUID()), connections, blockBytes, readOnly);
  }

  /** Whether a device with this identifier is the volume's, of any daemon and any time. */
  static boolean isOf(String volume, String backend) {
    return backend.startsWith("jdrbd " + volume + " ");
  }

  /** The records of a daemon: {@code RUN-DIR/kernel/RESOURCE/VOLUME}. Blocking, but short. */
  static final class Store {
    private static final String BACKEND = "backend";
    private static final String CONNECTIONS = "connections";
    private static final String BLOCK_BYTES = "block-bytes";
    private static final String READ_ONLY = "read-only";

    private final Path directory;

    Store(Path directory) {
      this.directory = directory;
    }

    Optional<DeviceRecord> read(VolumeName volume) throws IOException {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(path(volume))) {
        properties.load(reader);
      } catch (NoSuchFileException _) {
        return Optional.empty();
      }
      return Optional.of(
          new DeviceRecord(
              properties.getProperty(BACKEND, ""),
              Integer.parseInt(properties.getProperty(CONNECTIONS, "1")),
              Integer.parseInt(properties.getProperty(BLOCK_BYTES, "512")),
              Boolean.parseBoolean(properties.getProperty(READ_ONLY, "false"))));
    }

    void write(VolumeName volume, DeviceRecord device) throws IOException {
      Path path = path(volume);
      Files.createDirectories(path.getParent());
      Path fresh = path.resolveSibling(path.getFileName() + ".new");
      Files.writeString(
          fresh,
          """
          # By this jdrbd finds the volume's /dev/nbdX again after a restart.
          %s=%s
          %s=%d
          %s=%d
          %s=%s
          """
              .formatted(
                  BACKEND, device.backend,
                  CONNECTIONS, device.connections,
                  BLOCK_BYTES, device.blockBytes,
                  READ_ONLY, device.readOnly));
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    }

    void remove(VolumeName volume) throws IOException {
      Files.deleteIfExists(path(volume));
    }

    private Path path(VolumeName volume) {
      return directory.resolve(volume.resource()).resolve(Integer.toString(volume.number()));
    }
  }
}
