package io.jdrbd.kernel;

import io.jdrbd.kernel.libc.KernelException;
import io.jdrbd.kernel.netlink.Attributes;
import io.jdrbd.kernel.netlink.Family;
import io.jdrbd.kernel.netlink.GenericMessage;
import io.jdrbd.kernel.netlink.GenericNetlink;
import io.jdrbd.kernel.netlink.NetlinkFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Commands to the kernel's NBD client. Each opens a netlink socket of its own, so that a module
 * that was loaded in the meantime is found and no answer can be mistaken for another's. They block:
 * see {@link KernelCalls}.
 */
final class NbdControl {
  /** For the kernel's answer; its work is done by the time it can be read. */
  private static final Duration ANSWER_BOUND = Duration.ofSeconds(5);

  private static final Path MODULE = Path.of("/sys/module/nbd");

  /** Creates a device; answers its index. */
  int connect(NbdMessages.Connect device) throws IOException {
    List<GenericMessage> answers =
        call(NbdMessages.COMMAND_CONNECT, NbdMessages.connect(device), "connect");
    if (answers.isEmpty()) {
      throw new KernelException(
          KernelException.NO_ERRNO, "nbd connect: the kernel did not say which device it took");
    }
    return NbdMessages.connectedDevice(answers.getFirst().attributes());
  }

  /** Gives a device new sockets in place of dead ones. */
  void newSockets(int index, String backend, List<Integer> fds) throws IOException {
    call(
        NbdMessages.COMMAND_RECONFIGURE,
        NbdMessages.newSockets(index, backend, fds),
        "reconfigure of /dev/nbd" + index);
  }

  /** Gives a device another size. */
  void newSize(int index, String backend, long sizeBytes, int blockBytes) throws IOException {
    call(
        NbdMessages.COMMAND_RECONFIGURE,
        NbdMessages.newSize(index, backend, sizeBytes, blockBytes),
        "reconfigure of /dev/nbd" + index);
  }

  /** Ends a device's connection; whoever uses the device sees I/O errors. */
  void disconnect(int index) throws IOException {
    call(
        NbdMessages.COMMAND_DISCONNECT,
        NbdMessages.device(index),
        "disconnect of /dev/nbd" + index);
  }

  /** All devices that the kernel knows. */
  List<DeviceStatus> status() throws IOException {
    return status(Attributes.NONE, "status");
  }

  /** One device. */
  DeviceStatus status(int index) throws IOException {
    List<DeviceStatus> devices = status(NbdMessages.device(index), "status of /dev/nbd" + index);
    return devices.stream()
        .filter(device -> device.index() == index)
        .findFirst()
        .orElse(new DeviceStatus(index, false));
  }

  private List<DeviceStatus> status(Attributes which, String what) throws IOException {
    List<GenericMessage> answers = call(NbdMessages.COMMAND_STATUS, which, what);
    return answers.isEmpty() ? List.of() : NbdMessages.devices(answers.getFirst().attributes());
  }

  private List<GenericMessage> call(int command, Attributes attributes, String what)
      throws IOException {
    try (GenericNetlink netlink = GenericNetlink.open()) {
      Family family = family(netlink);
      return netlink.call(family, command, attributes, ANSWER_BOUND);
    } catch (NetlinkFormatException e) {
      throw new KernelException(KernelException.NO_ERRNO, "nbd " + what + ": " + e.getMessage(), e);
    } catch (KernelException e) {
      throw explained(e, what);
    }
  }

  private static Family family(GenericNetlink netlink) throws IOException {
    try {
      return netlink.family(NbdMessages.FAMILY, ANSWER_BOUND);
    } catch (KernelException e) {
      if (e.errno() != KernelException.ENOENT) {
        throw e;
      }
      String reason =
          Files.exists(MODULE)
              ? "the kernel offers nbd only in the network namespace that it began with: run there"
              : "the kernel module nbd is not loaded: modprobe nbd";
      throw new KernelException(KernelException.ENOENT, reason, e);
    }
  }

  private static KernelException explained(KernelException e, String what) {
    String advice =
        e.errno() == KernelException.EPERM ? "; this needs CAP_SYS_ADMIN: run as root" : "";
    return new KernelException(e.errno(), "nbd " + what + ": " + e.getMessage() + advice, e);
  }
}
