package io.jdrbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.buffer.BufferPool;
import io.jdrbd.disk.BlockDisk;
import io.jdrbd.disk.DiskException;
import io.jdrbd.disk.memory.MemoryDisk;
import io.jdrbd.export.Export;
import io.jdrbd.export.ExportSession;
import io.jdrbd.kernel.libc.KernelException;
import io.jdrbd.loop.EpollLoop;
import io.jdrbd.nbd.server.ClientListener;
import io.jdrbd.nbd.server.NbdServer;
import io.jdrbd.nbd.server.NbdServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens where there can be no device. A device of this number cannot be, whether this
 * machine's kernel has the module or not.
 */
class WithoutModuleIT {
  private static final String DEVICE = "/dev/nbd999999";

  @TempDir Path directory;

  private final EpollLoop loop = new EpollLoop("test-loop");
  private final BufferPool pool = new BufferPool(1 << 20);

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void theErrorSaysWhatToDoAndNothingIsLeftBehind() throws DiskException {
    VolumeExport export = new VolumeExport(new MemoryDisk(loop, 1 << 20));
    NbdServer server = new NbdServer(loop, pool, NbdServerOptions.DEFAULT, ClientListener.NONE);
    try (KernelNbd kernel =
        new KernelNbd(loop, server, pool, directory.resolve("run"), directory.resolve("links"))) {

      var attached = onLoop(() -> kernel.attach(export, AttachOptions.DEFAULTS.withDevice(DEVICE)));

      assertThatThrownBy(attached::join)
          .cause()
          .isInstanceOf(KernelException.class)
          .hasMessageMatching(".*(modprobe nbd|CAP_SYS_ADMIN|nbd connect).*");
      assertThat(onLoop(() -> export.closed)).succeedsWithin(Duration.ofSeconds(10));
      assertThat(directory.resolve("run/kernel/r0/0")).doesNotExist();
      assertThat(directory.resolve("links")).doesNotExist();
      assertThat(onLoop(() -> kernel.takeOver(export)).join()).isEmpty();
    }
  }

  private <T> CompletableFuture<T> onLoop(Supplier<CompletionStage<T>> work) {
    return CompletableFuture.supplyAsync(work, loop)
        .thenCompose(stage -> stage)
        .orTimeout(30, TimeUnit.SECONDS);
  }

  /** A volume that notes when its one user has left. */
  private final class VolumeExport implements Export {
    private final BlockDisk disk;
    private final CompletableFuture<Boolean> closed = new CompletableFuture<>();

    VolumeExport(BlockDisk disk) {
      this.disk = disk;
    }

    @Override
    public String name() {
      return "r0/0";
    }

    @Override
    public String description() {
      return disk.description();
    }

    @Override
    public boolean readOnly() {
      return false;
    }

    @Override
    public EpollLoop loop() {
      return loop;
    }

    @Override
    public CompletionStage<ExportSession> open(Access access, String client) {
      return CompletableFuture.completedStage(
          new ExportSession() {
            @Override
            public BlockDisk disk() {
              return disk;
            }

            @Override
            public void close() {
              closed.complete(true);
            }
          });
    }
  }
}
