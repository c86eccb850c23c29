package io.jdrbd.disk.uring;

import io.jdrbd.disk.Errno;
import io.jdrbd.natives.uring.UringException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Finds out who forbids a ring, as the error number alone does not tell. */
final class RefusalReason {
  private static final Path SWITCH = Path.of("/proc/sys/kernel/io_uring_disabled");
  private static final Path THREAD_STATUS = Path.of("/proc/thread-self/status");
  private static final String SECCOMP_FILTER = "Seccomp:\t2";

  private RefusalReason() {}

  static String of(UringException refusal) {
    return of(Errno.of(refusal.errno()), refusal.getMessage(), firstLine(SWITCH), filtered());
  }

  /**
   * The reason, from what the kernel shows.
   *
   * @param message what to say of an error that says enough by itself
   * @param sysctl the value of kernel.io_uring_disabled; empty where the kernel has none
   * @param filtered whether the calling thread is under a seccomp filter
   */
  static String of(Errno errno, String message, String sysctl, boolean filtered) {
    return switch (errno) {
      case ENOSYS ->
          "this kernel (Linux %s) has no io_uring%s"
              .formatted(
                  System.getProperty("os.version"),
                  filtered ? ", or a seccomp profile hides it" : ", or one older than Linux 5.6");
      case EPERM, EACCES -> forbiddenBy(sysctl, filtered);
      case ENOMEM -> "no memory for a ring, or the limit on locked memory (ulimit -l) is too low";
      default -> message;
    };
  }

  private static String forbiddenBy(String sysctl, boolean filtered) {
    return switch (sysctl) {
      case "1" ->
          "the sysctl kernel.io_uring_disabled is 1, which leaves it to CAP_SYS_ADMIN and the group"
              + " of kernel.io_uring_group";
      case "2" -> "the sysctl kernel.io_uring_disabled is 2, which forbids it to all";
      default ->
          filtered
              ? "a seccomp profile forbids it, as Docker's and containerd's default ones do"
              : "the kernel forbids it to this process (EPERM)";
    };
  }

  private static boolean filtered() {
    try (Stream<String> lines = Files.lines(THREAD_STATUS)) {
      return lines.anyMatch(SECCOMP_FILTER::equals);
    } catch (IOException e) {
      return false;
    }
  }

  /** Empty where the kernel has no such switch. */
  private static String firstLine(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
