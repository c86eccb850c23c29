package io.jdrbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.resource.ResourceOptions;
import io.jdrbd.resource.ResourceView;
import io.jdrbd.state.Role;
import io.jdrbd.state.WriteOrdering;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Spec 7, section 10.3. */
class ShowTextTest {

  @Test
  void asRecorded() throws IOException {
    ShowText text = new ShowText(false);
    String shown = Samples.unconnected().stream().map(text::of).collect(Collectors.joining());
    assertThat(shown).isEqualTo(Samples.recorded("07-unconnected-no-devices.show.txt"));
  }

  @Test
  void namesTheDiskAndWhatDiffersFromTheDefault() {
    ResourceView resource =
        new ResourceView(
            "mesh",
            1,
            Role.PRIMARY,
            Set.of(),
            false,
            WriteOrdering.FLUSH,
            ResourceOptions.defaults().with(Map.of("quorum", "majority", "peer-ack-window", "8M")),
            Samples.mesh().volumes(),
            List.of());
    assertThat(new ShowText(false).of(resource))
        .isEqualTo(
            """
            resource "mesh" {
                options {
                    peer-ack-window \t16384s; # bytes
                    quorum          \tmajority;
                }
                _this_host {
                    node-id\t\t\t1;
                    volume 0 {
                        device\t\t\tminor 20;
                        disk\t\t\t"/dev/vg0/mesh";
                        meta-disk\t\t\tinternal;
                    }
                }
            }

            """);
  }

  @Test
  void showsDefaultsWithTheirUnits() {
    ResourceView resource = Samples.unconnected().getFirst();
    assertThat(new ShowText(true).of(resource))
        .contains("        cpu-mask        \t\"\"; # default\n")
        .contains("        peer-ack-window \t4096s; # bytes, default\n")
        .contains("        twopc-timeout   \t300; # 1/10 seconds, default\n")
        .contains("        quorum          \toff; # default\n");
  }
}
