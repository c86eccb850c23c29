package io.jdrbd.disk.uring;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.FailingMediaContract;
import io.jdrbd.disk.direct.DiskFile;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.loop.Loop;

class UringFailingMediaTest extends FailingMediaContract {
  @Override
  protected BlockDisk open(Loop loop, BufferPool pool, String path) throws Exception {
    return new UringDisk(UringEngine.of((EpollLoop) loop, pool), DiskFile.open(path, false));
  }
}
