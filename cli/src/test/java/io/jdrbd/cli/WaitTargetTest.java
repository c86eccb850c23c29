package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.resource.ResourceView;
import java.io.IOException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 7, section 8.3, on recorded states. */
class WaitTargetTest {

  @ParameterizedTest(name = "{0} of {1}, peer {2}, volume {3}: {4}")
  @CsvSource({
    "CONNECT, 02-mesh-primary,           ,  ,  Reached",
    "SYNC,    02-mesh-primary,           ,  ,  Reached",
    "CONNECT, 03-resync-target,          ,  ,  Reached",
    "SYNC,    03-resync-target,          ,  ,  Pending",
    "SYNC,    03-resync-target,          1, 7, Reached",
    "SYNC,    03-resync-target,          1, 0, Pending",
    "CONNECT, 04-diskless-client,        ,  ,  Pending",
    "CONNECT, 04-diskless-client,        0, ,  Reached",
    "CONNECT, 04-diskless-client,        9, ,  Reached",
    "CONNECT, 05-quorum-lost,            ,  ,  Ended",
    "CONNECT, 05-quorum-lost,            2, ,  Pending",
    "CONNECT, 07-unconnected-no-devices, ,  ,  Reached",
    "SYNC,    08-ahead-suspended,        ,  ,  Pending",
  })
  void outlook(WaitGoal goal, String state, Integer peer, Integer volume, String outlook)
      throws IOException {
    ResourceView resource = RecordedState.read(state).getFirst();
    WaitTarget target = new WaitTarget(goal, resource.name(), optional(peer), optional(volume));
    assertThat(target.look(resource).getClass().getSimpleName()).isEqualTo(outlook);
  }

  @Test
  void howFarAResyncIsStandsInABar() throws IOException {
    ResourceView resource = RecordedState.read("03-resync-target").getFirst();
    WaitTarget target =
        new WaitTarget(WaitGoal.SYNC, resource.name(), OptionalInt.empty(), OptionalInt.empty());
    assertThat(target.look(resource))
        .isInstanceOfSatisfying(
            WaitTarget.Outlook.Pending.class,
            pending ->
                assertThat(pending.still())
                    .anySatisfy(
                        line ->
                            assertThat(line)
                                .matches(
                                    ".*: Connected, replication SyncTarget \\[#*-*\\] [0-9.]+ %"
                                        + " done, [0-9.]+ MiB/s, .* s left")));
  }

  private static OptionalInt optional(Integer number) {
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }
}
