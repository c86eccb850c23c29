package io.jdrbd.metadata.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A disk as something that is read and written in turn. Used on one thread that may wait. */
public interface MetadataMedium {
  /** Size of the device. */
  long sizeBytes();

  /** What this is, for people. */
  String description();

  /**
   * Fills the buffer's remaining bytes.
   *
   * @param offsetBytes a multiple of 512
   */
  void read(long offsetBytes, ByteBuffer into) throws IOException;

  /**
   * Writes the buffer's remaining bytes; they are durable after the next {@link #flush}.
   *
   * @param offsetBytes a multiple of 512
   */
  void write(long offsetBytes, ByteBuffer from) throws IOException;

  /** Makes everything durable that was written before. */
  void flush() throws IOException;
}
