package io.jdrbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.kernel.netlink.Attributes;
import io.jdrbd.kernel.netlink.NetlinkFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Against the numbers in linux/nbd-netlink.h, in little-endian bytes. */
class NbdMessagesTest {

  @Test
  void connectSaysAllThatADeviceIs() {
    var device =
        new NbdMessages.Connect(
            OptionalInt.of(3), 1L << 30, 4096, 0, 600, 0x2d, "jdrbd", List.of(7, 8));

    assertThat(NbdMessages.connect(device).encode())
        .isEqualTo(
            golden(
                "0800 0100 03000000" // NBD_ATTR_INDEX
                    + "0c00 0200 0000004000000000" // NBD_ATTR_SIZE_BYTES
                    + "0c00 0300 0010000000000000" // NBD_ATTR_BLOCK_SIZE_BYTES
                    + "0c00 0400 0000000000000000" // NBD_ATTR_TIMEOUT
                    + "0c00 0800 5802000000000000" // NBD_ATTR_DEAD_CONN_TIMEOUT
                    + "0c00 0500 2d00000000000000" // NBD_ATTR_SERVER_FLAGS
                    + "0c00 0600 0000000000000000" // NBD_ATTR_CLIENT_FLAGS
                    + "0a00 0a00 6a6472626400 0000" // NBD_ATTR_BACKEND_IDENTIFIER "jdrbd"
                    + "1c00 0780" // NBD_ATTR_SOCKETS, nested
                    + "0c00 0180 0800 0100 07000000" // NBD_SOCK_ITEM with NBD_SOCK_FD
                    + "0c00 0180 0800 0100 08000000"));
  }

  @Test
  void connectWithoutAnIndexLetsTheKernelChoose() throws NetlinkFormatException {
    var device =
        new NbdMessages.Connect(OptionalInt.empty(), 1 << 20, 512, 0, 600, 1, "jdrbd", List.of(7));

    assertThat(NbdMessages.connect(device).number(1)).isEmpty();
  }

  @Test
  void reconfigureCarriesTheBackendByWhichTheKernelKnowsTheOwner() {
    assertThat(NbdMessages.newSockets(3, "jdrbd", List.of(7)).encode())
        .isEqualTo(
            golden(
                "0800 0100 03000000"
                    + "0a00 0a00 6a6472626400 0000"
                    + "1000 0780 0c00 0180 0800 0100 07000000"));
    assertThat(NbdMessages.newSize(3, "jdrbd", 1 << 20, 512).encode())
        .isEqualTo(
            golden(
                "0800 0100 03000000"
                    + "0c00 0200 0000100000000000"
                    + "0c00 0300 0002000000000000"
                    + "0a00 0a00 6a6472626400 0000"));
  }

  @Test
  void theAnswerToConnectNamesTheDevice() throws NetlinkFormatException {
    assertThat(NbdMessages.connectedDevice(Attributes.parse(golden("0800 0100 05000000"))))
        .isEqualTo(5);
  }

  @Test
  void theAnswerToStatusListsDevices() throws NetlinkFormatException {
    Attributes answer =
        Attributes.parse(
            golden(
                "2c00 0900" // NBD_ATTR_DEVICE_LIST
                    + "1400 0100 0800 0100 00000000 0500 0200 01000000" // nbd0, connected
                    + "1400 0100 0800 0100 01000000 0500 0200 00000000")); // nbd1, not

    assertThat(NbdMessages.devices(answer))
        .containsExactly(new DeviceStatus(0, true), new DeviceStatus(1, false));
  }

  private static ByteBuffer golden(String littleEndianHex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(littleEndianHex.replace(" ", "")))
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
