package io.jdrbd.export;

import io.jdrbd.disk.BlockDisk;

/** One client's use of an {@link Export}, from open to close. Used on the export's loop. */
public interface ExportSession {

  /** Where its requests go. Its {@code close} is not for the client. */
  BlockDisk disk();

  /** Ends the use. Called once, when no request of this client is in flight. */
  void close();
}
