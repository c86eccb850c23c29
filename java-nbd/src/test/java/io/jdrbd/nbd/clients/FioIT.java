package io.jdrbd.nbd.clients;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** fio's nbd engine writes and reads its patterns back. */
class FioIT extends RealClientTestBase {

  @ParameterizedTest
  @CsvSource({"randwrite, 4k, 32", "randwrite, 512-64k, 16", "write, 1m, 8", "randwrite, 4k, 1"})
  void verify(String pattern, String blockBytes, int depth) {
    Programs.run(
        "fio",
        "--name=verify",
        "--ioengine=nbd",
        "--uri=" + uri(),
        "--rw=" + pattern,
        blockBytes.contains("-") ? "--bsrange=" + blockBytes : "--bs=" + blockBytes,
        "--iodepth=" + depth,
        "--size=32m",
        "--fsync=64",
        "--verify=crc32c",
        "--do_verify=1",
        "--verify_fatal=1");
  }
}
