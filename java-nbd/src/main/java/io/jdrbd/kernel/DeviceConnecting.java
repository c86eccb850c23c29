package io.jdrbd.kernel;

import io.jdrbd.kernel.libc.KernelException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * The steps from nothing to a device that can be opened, and back when one of them fails. They
 * block: they run on the thread of {@link KernelCalls}.
 */
record DeviceConnecting(
    DeviceContext context, VolumeName volume, DeviceRecord deviceRecord, Duration resendInterval) {

  private static final System.Logger LOG = System.getLogger(DeviceConnecting.class.getName());

  /** For whoever looks at a device that appears, such as udev, to close it again. */
  private static final Duration BUSY_BOUND = Duration.ofSeconds(2);

  private static final long BUSY_PAUSE_MS = 50;

  int connect(NbdMessages.Connect wanted, Duration bound) throws IOException {
    refuseIfThereIsOne();
    context.records().write(volume, deviceRecord);
    int index;
    try {
      index = connectPatiently(wanted);
    } catch (IOException e) {
      context.records().remove(volume);
      throw e;
    }
    context.memory().hold();
    try {
      Path node = DeviceIdentity.node(index);
      context.sys().setRequestTimeout(index, resendInterval);
      context.sys().awaitSize(index, node, wanted.sizeBytes(), bound);
      context.links().point(volume, node);
      return index;
    } catch (IOException e) {
      undo(index);
      throw e;
    }
  }

  /** Takes a device back that was connected. */
  void undo(int index) {
    context.memory().release();
    try {
      context.control().disconnect(index);
      context.links().remove(volume);
      context.records().remove(volume);
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}: /dev/nbd{1} stays connected: {2}",
          volume,
          index,
          e.getMessage());
    }
  }

  private void refuseIfThereIsOne() throws IOException {
    var before = context.records().read(volume);
    if (before.isEmpty()) {
      return;
    }
    OptionalInt index = context.sys().findByBackend(before.get().backend());
    if (index.isPresent()) {
      throw new KernelException(
          KernelException.EBUSY,
          "%s is /dev/nbd%d already, from an earlier run or another daemon"
              .formatted(volume, index.getAsInt()));
    }
  }

  private int connectPatiently(NbdMessages.Connect wanted) throws IOException {
    long deadlineNs = System.nanoTime() + BUSY_BOUND.toNanos();
    while (true) {
      try {
        return context.control().connect(wanted);
      } catch (KernelException e) {
        if (e.errno() != KernelException.EBUSY || System.nanoTime() > deadlineNs) {
          throw e;
        }
        pause(e);
      }
    }
  }

  private static void pause(KernelException before) throws KernelException {
    try {
      Thread.sleep(BUSY_PAUSE_MS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw before;
    }
  }
}
