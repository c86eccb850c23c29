package io.jdrbd.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Sees to it that a run directory has one daemon. The kernel frees it when the process ends. */
final class InstanceLock implements AutoCloseable {
  private final FileChannel channel;

  private InstanceLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock and writes the process id into it.
   *
   * @throws DaemonException if another daemon has it
   */
  static InstanceLock take(RunDir runDir) throws DaemonException {
    Path file = runDir.lockFile();
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        channel.close();
        throw new DaemonException(
            "a daemon runs in %s already, process %s"
                .formatted(runDir.path(), Files.readString(file).strip()));
      }
      String pid = ProcessHandle.current().pid() + "\n";
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
      return new InstanceLock(channel);
    } catch (IOException e) {
      throw new DaemonException("the lock %s cannot be taken: %s".formatted(file, e), e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
