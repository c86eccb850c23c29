package io.jdrbd.nbd.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.disk.Errno;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers of the protocol document. */
class ProtocolNumbersTest {

  @ParameterizedTest
  @CsvSource({
    "EXPORT_NAME, 1",
    "ABORT, 2",
    "LIST, 3",
    "STARTTLS, 5",
    "INFO, 6",
    "GO, 7",
    "STRUCTURED_REPLY, 8",
    "LIST_META_CONTEXT, 9",
    "SET_META_CONTEXT, 10",
    "EXTENDED_HEADERS, 11"
  })
  void options(NbdOption option, int number) {
    assertThat(option.number()).isEqualTo(number);
    assertThat(NbdOption.of(number)).contains(option);
  }

  @Test
  void optionFourWasWithdrawnFromTheProtocol() {
    assertThat(NbdOption.of(4)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ACK, 1",
    "SERVER, 2",
    "INFO, 3",
    "META_CONTEXT, 4",
    "ERR_UNSUP, 0x80000001",
    "ERR_POLICY, 0x80000002",
    "ERR_INVALID, 0x80000003",
    "ERR_PLATFORM, 0x80000004",
    "ERR_TLS_REQD, 0x80000005",
    "ERR_UNKNOWN, 0x80000006",
    "ERR_SHUTDOWN, 0x80000007",
    "ERR_BLOCK_SIZE_REQD, 0x80000008",
    "ERR_TOO_BIG, 0x80000009",
    "ERR_EXT_HEADER_REQD, 0x8000000a"
  })
  void optionReplies(OptionReply reply, String number) {
    int decoded = Long.decode(number).intValue();
    assertThat(reply.number()).isEqualTo(decoded);
    assertThat(OptionReply.of(decoded)).contains(reply);
    assertThat(reply.isError()).isEqualTo(reply.name().startsWith("ERR_"));
  }

  @ParameterizedTest
  @CsvSource({
    "READ, 0",
    "WRITE, 1",
    "DISC, 2",
    "FLUSH, 3",
    "TRIM, 4",
    "CACHE, 5",
    "WRITE_ZEROES, 6",
    "BLOCK_STATUS, 7"
  })
  void commands(NbdCommand command, int number) {
    assertThat(command.number()).isEqualTo(number);
    assertThat(NbdCommand.of(number)).contains(command);
  }

  @ParameterizedTest
  @CsvSource({"-1", "8", "65535"})
  void unknownCommands(int number) {
    assertThat(NbdCommand.of(number)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "FUA, 0x1",
    "NO_HOLE, 0x2",
    "DF, 0x4",
    "REQ_ONE, 0x8",
    "FAST_ZERO, 0x10",
    "PAYLOAD_LEN, 0x20"
  })
  void commandFlags(CommandFlag flag, String bit) {
    assertThat(flag.bit()).isEqualTo(Integer.decode(bit));
  }

  @ParameterizedTest
  @CsvSource({
    "READ, DF",
    "WRITE, PAYLOAD_LEN",
    "WRITE_ZEROES, NO_HOLE",
    "WRITE_ZEROES, FAST_ZERO",
    "BLOCK_STATUS, REQ_ONE",
    "BLOCK_STATUS, PAYLOAD_LEN"
  })
  void flagsOfOneCommand(NbdCommand command, CommandFlag flag) {
    assertThat(command.allows(flag.bit())).isTrue();
    assertThat(NbdCommand.FLUSH.allows(flag.bit())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "HAS_FLAGS, 0x1",
    "READ_ONLY, 0x2",
    "SEND_FLUSH, 0x4",
    "SEND_FUA, 0x8",
    "ROTATIONAL, 0x10",
    "SEND_TRIM, 0x20",
    "SEND_WRITE_ZEROES, 0x40",
    "SEND_DF, 0x80",
    "CAN_MULTI_CONN, 0x100",
    "SEND_RESIZE, 0x200",
    "SEND_CACHE, 0x400",
    "SEND_FAST_ZERO, 0x800",
    "BLOCK_STAT_PAYLOAD, 0x1000"
  })
  void transmissionFlags(TransmissionFlag flag, String bit) {
    assertThat(TransmissionFlag.encode(Set.of(flag))).isEqualTo(Integer.decode(bit));
    assertThat(TransmissionFlag.decode(Integer.decode(bit))).containsExactly(flag);
  }

  @Test
  void allTransmissionFlagsTogether() {
    Set<TransmissionFlag> all = EnumSet.allOf(TransmissionFlag.class);
    assertThat(TransmissionFlag.decode(TransmissionFlag.encode(all))).isEqualTo(all);
  }

  @ParameterizedTest
  @CsvSource({
    "EPERM, EPERM, 1",
    "EACCES, EPERM, 1",
    "EROFS, EPERM, 1",
    "EIO, EIO, 5",
    "ENXIO, EIO, 5",
    "EREMOTEIO, EIO, 5",
    "ETIMEDOUT, EIO, 5",
    "ENOMEM, ENOMEM, 12",
    "EINVAL, EINVAL, 22",
    "ENOSPC, ENOSPC, 28",
    "EDQUOT, ENOSPC, 28",
    "EFBIG, ENOSPC, 28",
    "EOVERFLOW, EOVERFLOW, 75",
    "EOPNOTSUPP, ENOTSUP, 95",
    "ENOSYS, ENOTSUP, 95",
    "ESHUTDOWN, ESHUTDOWN, 108"
  })
  void errors(Errno errno, NbdError error, int number) {
    assertThat(NbdError.of(errno)).isEqualTo(error);
    assertThat(error.number()).isEqualTo(number);
  }
}
