package io.jdrbd.kernel;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The names under which people and scripts find devices: {@code /dev/drbd/by-res/RES/VNR}. Blocking
 * file operations, all of them short.
 */
final class DeviceLinks {
  private final Path directory;

  /** What a link should lead to. */
  interface Target {
    /**
     * Whether the device is that of the volume.
     *
     * @param volume RES/VNR, as the link says
     */
    boolean isDeviceOf(String volume, Path device) throws IOException;
  }

  /**
   * @param directory {@code /dev/drbd/by-res}; created when the first link is
   */
  DeviceLinks(Path directory) {
    this.directory = directory;
  }

  Path path(VolumeName volume) {
    return directory.resolve(volume.resource()).resolve(Integer.toString(volume.number()));
  }

  /** Makes the volume's name point to the device, at one stroke if it pointed elsewhere. */
  void point(VolumeName volume, Path device) throws IOException {
    Path link = path(volume);
    Files.createDirectories(link.getParent());
    Path fresh = link.resolveSibling("." + link.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createSymbolicLink(fresh, device);
    Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes the volume's name, and the resource's directory if it was the last. */
  void remove(VolumeName volume) throws IOException {
    Files.deleteIfExists(path(volume));
    removeIfEmpty(path(volume).getParent());
  }

  /** Removes the links that lead to anything else: what a crashed daemon left behind. */
  void removeUnless(Target target) throws IOException {
    try (DirectoryStream<Path> resources =
        Files.newDirectoryStream(directory, Files::isDirectory)) {
      for (Path resource : resources) {
        removeLinks(resource, target);
      }
    } catch (NoSuchFileException _) {
      return; // nothing was ever linked
    }
  }

  private void removeLinks(Path resource, Target target) throws IOException {
    try (DirectoryStream<Path> links = Files.newDirectoryStream(resource, Files::isSymbolicLink)) {
      for (Path link : links) {
        String name = directory.relativize(link).toString();
        if (!target.isDeviceOf(name, Files.readSymbolicLink(link))) {
          Files.delete(link);
        }
      }
    }
    removeIfEmpty(resource);
  }

  private static void removeIfEmpty(Path resource) throws IOException {
    try {
      Files.deleteIfExists(resource);
    } catch (DirectoryNotEmptyException _) {
      return; // other volumes are there
    }
  }
}
