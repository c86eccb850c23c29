package io.jdrbd.disk.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.disk.Errno;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalReasonTest {
  @ParameterizedTest
  @CsvSource({
    "EPERM, '', true, a seccomp profile forbids it",
    "EPERM, 0, true, a seccomp profile forbids it",
    "EPERM, 0, false, the kernel forbids it to this process",
    "EPERM, 1, true, kernel.io_uring_disabled is 1",
    "EPERM, 2, false, kernel.io_uring_disabled is 2",
    "EACCES, '', true, a seccomp profile forbids it",
    "ENOSYS, '', false, or one older than Linux 5.6",
    "ENOSYS, '', true, a seccomp profile hides it",
    "ENOMEM, 0, false, ulimit -l",
    "EMFILE, 0, false, what the kernel said",
  })
  void namesWhoForbidsIt(Errno errno, String sysctl, boolean filtered, String reason) {
    assertThat(RefusalReason.of(errno, "what the kernel said", sysctl, filtered)).contains(reason);
  }
}
