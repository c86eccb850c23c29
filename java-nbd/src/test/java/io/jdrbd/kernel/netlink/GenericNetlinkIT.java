package io.jdrbd.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.kernel.libc.KernelException;
import java.io.IOException;
import java.time.Duration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Against this machine's kernel, of which every one has the controller. */
class GenericNetlinkIT {
  private static final Duration BOUND = Duration.ofSeconds(5);

  @Test
  void theControllerDescribesItself() throws IOException {
    try (GenericNetlink netlink = GenericNetlink.open()) {
      Family controller = netlink.family("nlctrl", BOUND);

      assertThat(controller).isEqualTo(Family.CONTROLLER);
    }
  }

  @Test
  void aFamilyThatIsNotThereIsAnErrorOfTheKernel() throws IOException {
    try (GenericNetlink netlink = GenericNetlink.open()) {
      assertThatThrownBy(() -> netlink.family("jdrbd-none", BOUND))
          .asInstanceOf(InstanceOfAssertFactories.type(KernelException.class))
          .returns(KernelException.ENOENT, KernelException::errno)
          .extracting(Throwable::getMessage)
          .isEqualTo("netlink nlctrl, command 3: No such file or directory");
    }
  }

  @Test
  void theKernelsOwnWordsAreInTheError() throws IOException {
    try (GenericNetlink netlink = GenericNetlink.open()) {
      Attributes notAFamilyName = Attributes.NONE.withString(2, "n".repeat(64));

      assertThatThrownBy(
              () -> netlink.call(Family.CONTROLLER, Family.COMMAND_GET, notAFamilyName, BOUND))
          .isInstanceOf(KernelException.class)
          .hasMessageContaining("(Attribute failed policy validation)");
    }
  }
}
