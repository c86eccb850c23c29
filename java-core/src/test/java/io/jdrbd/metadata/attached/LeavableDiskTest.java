package io.jdrbd.metadata.attached;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.DiskRequest;
import io.jdrbd.disk.memory.MemoryDisk;
import io.jdrbd.loop.SimLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A disk that is left while requests are on their way. */
class LeavableDiskTest {
  private final SimLoop loop = new SimLoop();
  private final List<String> told = new ArrayList<>();

  @Test
  void whoeverWaitsForItsEndIsTold() throws DiskException {
    LeavableDisk disk = new LeavableDisk(new MemoryDisk(loop, 1 << 20), loop);
    disk.submit(new Told("flush").flush());

    disk.leave(() -> told.add("drained"));
    disk.submit(new Told("flush of one who promised").flush());
    disk.end(() -> told.add("may be closed"));
    disk.submit(new Told("late flush").flush());
    loop.drain();

    assertThat(told)
        .containsExactlyInAnyOrder(
            "flush",
            "flush of one who promised",
            "drained",
            "may be closed",
            "late flush: the disk is being detached");
    assertThat(told.indexOf("drained")).isGreaterThan(told.indexOf("flush"));
    assertThat(told.indexOf("may be closed"))
        .isGreaterThan(told.indexOf("flush of one who promised"));
  }

  /** Writes down its end. */
  private final class Told extends DiskRequest {
    private final String name;

    Told(String name) {
      this.name = name;
    }

    @Override
    public void complete() {
      told.add(name);
    }

    @Override
    public void fail(DiskException error) {
      told.add(name + ": " + error.getMessage().replaceAll(".*: ", ""));
    }
  }
}
