package io.jdrbd.resync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 6.15; devices are written as {@code minor>after}, busy ones with a star. */
class SyncOrderTest {
  private static Map<Integer, SyncOrder.Device> devices(String text) {
    Map<Integer, SyncOrder.Device> devices = new HashMap<>();
    for (String word : text.split(" ", -1)) {
      boolean busy = word.endsWith("*");
      String[] numbers = word.replace("*", "").split(">", -1);
      OptionalInt after =
          numbers.length == 1 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(numbers[1]));
      devices.put(Integer.parseInt(numbers[0]), new SyncOrder.Device(after, busy));
    }
    return devices;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1 0*, false",
    "1, 1>0 0, false",
    "1, 1>0 0*, true",
    "1, 1>0* 0, false",
    "2, 2>1 1>0 0*, true",
    "2, 2>1 1>0* 0, true",
    "2, 2>1 0*, false",
    "2, 2>7, false",
    "7, 2>1, false",
  })
  void aVolumeWaitsForAllThatGoBeforeIt(int minor, String devices, boolean waits) {
    assertThat(SyncOrder.mustWait(minor, devices(devices))).isEqualTo(waits);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 0, false",
    "1, 1, 0, true",
    "1, 0, 0>1, true",
    "1, 0, 0>2 2>1, true",
    "1, 0, 0>2 2, false",
    "1, 9, 0, false",
  })
  void noVolumeMayWaitForItself(int minor, int after, String devices, boolean cycle) {
    assertThat(SyncOrder.isCycle(minor, after, devices(devices))).isEqualTo(cycle);
  }
}
