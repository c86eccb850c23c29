package io.jdrbd.resync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 6.5, step 4. */
class RequestSizeTest {
  @ParameterizedTest(name = "from block {0} with {1} left: {2}")
  @CsvSource({
    "0, 6, 8",
    "0, 5, 4",
    "0, 1, 1",
    "0, 2048, 256",
    "0, 200, 256",
    "0, 170, 128",
    "99, 100, 1",
    "96, 100, 32",
    "96, 20, 16",
    "256, 1000, 256",
    "640, 1000, 128",
  })
  void aRequestIsAlignedAndAPowerOfTwo(long first, int left, int blocks) {
    assertThat(RequestSize.most(first, left, 256)).isEqualTo(blocks);
  }

  @Test
  void noneIsLargerThanAPacket() {
    assertThat(RequestSize.most(0, 2048, 8)).isEqualTo(8);
    assertThat(RequestSize.most(4, 2048, 8)).isEqualTo(4);
  }
}
