package io.jdrbd.kernel.netlink;

import io.jdrbd.kernel.libc.Fd;
import io.jdrbd.kernel.libc.KernelException;
import io.jdrbd.kernel.libc.SystemCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A socket of generic netlink: one command at a time, each with a bound on the wait for its answer.
 *
 * <p>The kernel carries a command out inside the call that sends it, and nothing can bound that: a
 * caller that must not be held up uses a thread that it can do without. Not thread-safe.
 */
public final class GenericNetlink implements AutoCloseable {
  private static final int NETLINK_GENERIC = 16;
  private static final int OPTION_CAP_ACK = 10;
  private static final int OPTION_EXT_ACK = 11;
  private static final int RECEIVE_BYTES = 32 * 1024;

  private final Fd socket;
  private int lastSequence;

  private GenericNetlink(Fd socket) {
    this.socket = socket;
  }

  /** Opens a socket, which asks for the kernel's own words in errors. */
  public static GenericNetlink open() throws KernelException {
    Fd socket = SystemCalls.netlinkSocket(NETLINK_GENERIC);
    try {
      SystemCalls.setNetlinkOption(socket, OPTION_CAP_ACK, 1);
      SystemCalls.setNetlinkOption(socket, OPTION_EXT_ACK, 1);
      return new GenericNetlink(socket);
    } catch (KernelException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Asks the controller for a family.
   *
   * @throws KernelException with ENOENT if the kernel does not have it
   */
  public Family family(String name, Duration timeout) throws IOException {
    List<GenericMessage> answers =
        call(Family.CONTROLLER, Family.COMMAND_GET, Family.question(name), timeout);
    if (answers.isEmpty()) {
      throw new NetlinkFormatException("no answer to the question for family " + name);
    }
    return Family.parse(answers.getFirst().attributes());
  }

  /**
   * Sends a command and waits for its end.
   *
   * @param timeout how long to wait for the answer; the sending itself is not bounded
   * @return the messages that came before the acknowledgement
   * @throws KernelException with the kernel's errno and words, or ETIMEDOUT
   */
  public List<GenericMessage> call(
      Family family, int command, Attributes attributes, Duration timeout) throws IOException {
    int sequence = ++lastSequence;
    ByteBuffer payload = new GenericMessage(command, family.version(), attributes).encode();
    int flags = NetlinkMessage.REQUEST | NetlinkMessage.ACK;
    SystemCalls.sendToKernel(
        socket, new NetlinkMessage(family.id(), flags, sequence, 0, payload).encode());
    String what = "netlink %s, command %d".formatted(family.name(), command);
    long deadlineNs = System.nanoTime() + timeout.toNanos();
    List<GenericMessage> answers = new ArrayList<>();
    while (true) {
      for (NetlinkMessage message : receive(deadlineNs, what)) {
        if (message.sequence() != sequence) {
          continue; // a late answer to a command that was given up
        }
        switch (message.type()) {
          case NetlinkMessage.TYPE_ERROR -> {
            check(Acknowledgement.parse(message), what);
            return answers;
          }
          case NetlinkMessage.TYPE_DONE -> {
            return answers;
          }
          default -> answers.add(GenericMessage.parse(message.payload()));
        }
      }
    }
  }

  private List<NetlinkMessage> receive(long deadlineNs, String what) throws IOException {
    while (true) {
      long leftMs = Math.max(0, (deadlineNs - System.nanoTime()) / 1_000_000);
      if (SystemCalls.poll((int) Math.min(leftMs, Integer.MAX_VALUE), socket)[0]) {
        return NetlinkMessage.parseAll(SystemCalls.receive(socket, RECEIVE_BYTES));
      }
      if (leftMs == 0) {
        throw new KernelException(
            KernelException.ETIMEDOUT, what + ": the kernel did not answer in time");
      }
    }
  }

  private static void check(Acknowledgement end, String what) throws KernelException {
    if (end.errno() != 0) {
      String words = end.text().isEmpty() ? "" : " (" + end.text() + ")";
      throw new KernelException(
          end.errno(), what + ": " + SystemCalls.errorText(end.errno()) + words);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
