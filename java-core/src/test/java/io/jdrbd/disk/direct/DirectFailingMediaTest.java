package io.jdrbd.disk.direct;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.FailingMediaContract;
import io.jdrbd.loop.Loop;

class DirectFailingMediaTest extends FailingMediaContract {
  @Override
  protected BlockDisk open(Loop loop, BufferPool pool, String path) throws Exception {
    return new DirectDisk(loop, DiskFile.open(path, false), 4);
  }
}
