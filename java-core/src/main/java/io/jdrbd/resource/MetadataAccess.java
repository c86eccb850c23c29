package io.jdrbd.resource;

import io.jdrbd.disk.BlockDisk;
import io.jdrbd.metadata.store.MetadataMedium;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/** How metadata is read and written as a whole, which waits for the disk, beside the loop. */
public interface MetadataAccess {

  /**
   * Starts work that waits. Called on the node's loop, which it does not block.
   *
   * @param name what it is, for people
   * @return completes on the node's loop, with what the work throws where it fails
   */
  <T> CompletionStage<T> run(String name, Callable<T> work);

  /**
   * A disk to be read and written in turn, within such work only.
   *
   * @param disk stays the caller's to close
   */
  MetadataMedium medium(BlockDisk disk) throws IOException;
}
