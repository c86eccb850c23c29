package io.jdrbd.nbd.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

class RequestHeaderTest {
  private final RequestHeader header = new RequestHeader();

  @Test
  void compact() throws ProtocolException {
    ByteBuf in = Hex.bytes("25609513 0001 0006 0102030405060708 0000000000001000 ffffffff aa");
    header.decode(in, false);
    assertThat(header.flags()).isEqualTo(CommandFlag.FUA.bit());
    assertThat(header.type()).isEqualTo(NbdCommand.WRITE_ZEROES.number());
    assertThat(header.cookie()).isEqualTo(0x0102030405060708L);
    assertThat(header.offsetBytes()).isEqualTo(4096);
    assertThat(header.lengthBytes()).isEqualTo(0xffffffffL);
    assertThat(in.readableBytes()).isEqualTo(1);
  }

  @Test
  void extended() throws ProtocolException {
    ByteBuf in = Hex.bytes("21e41c71 0020 0001 ffffffffffffffff 0000000000000200 0000000100000000");
    header.decode(in, true);
    assertThat(header.flags()).isEqualTo(CommandFlag.PAYLOAD_LEN.bit());
    assertThat(header.type()).isEqualTo(NbdCommand.WRITE.number());
    assertThat(header.cookie()).isEqualTo(-1);
    assertThat(header.offsetBytes()).isEqualTo(512);
    assertThat(header.lengthBytes()).isEqualTo(1L << 32);
    assertThat(in.isReadable()).isFalse();
  }

  @Test
  void headersOfTheOtherKindAreNotTaken() {
    ByteBuf compact = Hex.bytes("25609513 0000 0000 0000000000000000 0000000000000000 00000200");
    assertThatThrownBy(() -> header.decode(compact, true))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("request begins with 0x25609513 instead of 0x21e41c71");
    ByteBuf noMagic = Hex.bytes("00000000 0000 0000 0000000000000000 0000000000000000 00000200");
    assertThatThrownBy(() -> header.decode(noMagic, false))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("request begins with 0x00000000 instead of 0x25609513");
  }
}
