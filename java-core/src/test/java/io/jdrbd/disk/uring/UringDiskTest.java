package io.jdrbd.disk.uring;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.PathDiskContract;
import io.jdrbd.disk.direct.DiskFile;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.loop.Loop;

class UringDiskTest extends PathDiskContract {
  @Override
  protected BlockDisk open(Loop loop, BufferPool pool, String path) throws Exception {
    DiskFile file = DiskFile.open(path, false);
    return new UringDisk(UringEngine.of((EpollLoop) loop, pool), file);
  }
}
