package io.jdrbd.disk.filter;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.Errno;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A write log in a file, one line per event. A log that cannot be written is given up with one line
 * in the daemon's log; the disk goes on.
 */
final class WriteLogFile implements WriteLogDisk.Sink {
  private static final Logger LOG = System.getLogger(WriteLogFile.class.getName());

  private final Path file;
  private final BufferedWriter writer;
  private boolean usable = true;

  private WriteLogFile(Path file, BufferedWriter writer) {
    this.file = file;
    this.writer = writer;
  }

  /** Begins a new file, in place of what was there. */
  static WriteLogFile create(Path file) throws DiskException {
    try {
      return new WriteLogFile(file, Files.newBufferedWriter(file));
    } catch (IOException e) {
      throw DiskException.ofWhole(Errno.EIO, "write log", file.toString(), e.toString());
    }
  }

  @Override
  public void add(WriteLogDisk.Entry entry) {
    if (!usable) {
      return;
    }
    try {
      writer.write(entry.toString());
      writer.newLine();
    } catch (IOException e) {
      giveUp(e);
    }
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      giveUp(e);
    }
  }

  private void giveUp(IOException error) {
    usable = false;
    LOG.log(Level.ERROR, "write log {0} ends here: {1}", file, error.getMessage());
  }
}
