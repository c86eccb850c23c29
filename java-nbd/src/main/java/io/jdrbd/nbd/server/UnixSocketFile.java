package io.jdrbd.nbd.server;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The file of a listening Unix socket. It is made under another name and renamed when it has its
 * permissions, so that nobody can connect before, and so that a stale one is replaced in one step.
 */
final class UnixSocketFile {
  private static final Logger LOG = System.getLogger(UnixSocketFile.class.getName());

  /** The kernel's limit is 108 with the terminating zero; one more for the temporary name. */
  private static final int MAX_PATH_BYTES = 106;

  private static final String TEMPORARY_SUFFIX = "~";

  private final NbdAddress.Unix address;

  UnixSocketFile(NbdAddress.Unix address) {
    this.address = address;
  }

  /** Where to bind. */
  Path temporary() {
    Path path = address.path();
    return path.resolveSibling(path.getFileName() + TEMPORARY_SUFFIX);
  }

  /**
   * Finds out whether the path can be taken, and clears the temporary name.
   *
   * @throws IOException if somebody listens there, or something else is there
   */
  void prepare() throws IOException {
    Path path = address.path();
    int pathBytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (pathBytes > MAX_PATH_BYTES) {
      throw new IOException(
          "cannot listen on %s: the path has %d bytes, at most %d are possible"
              .formatted(address, pathBytes, MAX_PATH_BYTES));
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      if (!isSocket(path)) {
        throw new IOException(
            "cannot listen on %s: the file exists and is not a socket".formatted(address));
      }
      if (isServed(path)) {
        throw new IOException(
            "cannot listen on %s: another process listens there".formatted(address));
      }
    }
    Files.deleteIfExists(temporary());
  }

  /** Gives the bound socket its permissions and its name. */
  void publish() throws IOException {
    Files.setPosixFilePermissions(temporary(), address.permissions());
    Files.move(
        temporary(),
        address.path(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes the file; a failure leaves a stale file, which the next start replaces. */
  void remove() {
    try {
      Files.deleteIfExists(address.path());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot remove " + address, e);
    }
  }

  private static boolean isSocket(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther();
  }

  private static boolean isServed(Path path) throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false);
      probe.connect(UnixDomainSocketAddress.of(path));
      return true;
    } catch (ConnectException e) {
      return false;
    }
  }
}
