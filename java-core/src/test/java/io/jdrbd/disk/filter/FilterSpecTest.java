package io.jdrbd.disk.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jdrbd.disk.DiskRequest.Op;
import io.jdrbd.disk.Errno;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterSpecTest {

  @Test
  void readsEveryFilter() {
    assertThat(FilterSpec.parse("delay:read=5ms,jitter=1us,seed=9"))
        .isEqualTo(new FilterSpec.Delay(Map.of(Op.READ, 5_000_000L), 1_000, 9));
    assertThat(FilterSpec.parse("errors:op=write,offset=1M,length=4k,errno=ENOSPC,every=2,times=3"))
        .isEqualTo(
            new FilterSpec.Errors(
                new FaultyDisk.Fault(Set.of(Op.WRITE), 1 << 20, 4096, Errno.ENOSPC, 2, 3)));
    assertThat(FilterSpec.parse("writelog:file=/tmp/log"))
        .isEqualTo(new FilterSpec.WriteLog(Path.of("/tmp/log")));
    assertThat(FilterSpec.parse("torn")).isEqualTo(new FilterSpec.Torn(64 << 20));
    assertThat(FilterSpec.parse("torn:limit=1G")).isEqualTo(new FilterSpec.Torn(1 << 30));
  }

  @Test
  void anyMeansEveryOperationNotNamed() {
    assertThat(FilterSpec.parse("delay:any=1s,flush=2s"))
        .isEqualTo(
            new FilterSpec.Delay(
                Map.of(
                    Op.READ, 1_000_000_000L,
                    Op.WRITE, 1_000_000_000L,
                    Op.FLUSH, 2_000_000_000L,
                    Op.DISCARD, 1_000_000_000L,
                    Op.WRITE_ZEROES, 1_000_000_000L),
                0,
                1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          slow:read=5ms           | "slow" is not a disk filter; there are delay, errors, writelog and torn
          delay                   | filter delay: says what to delay, such as delay:any=5ms
          delay:read=5            | filter delay: read=5 is not a time; write a number with ns, us, ms or s, such as 5ms
          delay:raed=5ms,any=1ms  | filter delay: there is no option raed; there are any, discard, flush, jitter, read, seed, write, write-zeroes
          delay:read              | filter delay: "read" is not of the form option=value
          delay:any=1s,any=2s     | filter delay: any is given twice
          delay:any=1s,seed=x     | filter delay: seed=x is not a whole number
          errors:op=wirte         | filter errors: "wirte" is not an operation; there are read, write, flush, discard, write-zeroes and any
          errors:errno=EOOPS      | filter errors: "EOOPS" is not an errno that a disk answers; such as EIO or ENOSPC
          errors:offset=1Q        | "1Q" is not a size; write a number of bytes, or with k, M, G or T, such as 64M
          errors:every=0          | every 0 and times
          writelog                | filter writelog: file is needed: writelog:file=...
          torn:limit=99999999999T | "99999999999T" is larger than a disk can be
          """)
  void saysWhatWouldBeRight(String text, String message) {
    assertThatThrownBy(() -> FilterSpec.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
