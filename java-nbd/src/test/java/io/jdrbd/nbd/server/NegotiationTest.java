package io.jdrbd.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jdrbd.disk.Errno;
import io.jdrbd.export.OpenRefusedException;
import io.jdrbd.nbd.protocol.NbdOption;
import io.jdrbd.nbd.protocol.OptionReply;
import io.jdrbd.nbd.server.RawClient.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NegotiationTest extends ServerTestBase {

  @Test
  void exportNameWithZeroes() throws IOException {
    try (RawClient client = RawClient.connect(server.socket())) {
      client.readGreeting();
      client.sendInt(1);
      client.option(NbdOption.EXPORT_NAME.number(), "disk".getBytes(StandardCharsets.UTF_8));
      byte[] answer = client.read(8 + 2 + 124);
      assertThat(answer).startsWith(0, 0, 0, 0, 0, 0x80, 0, 0);
    }
  }

  @Test
  void defaultExportIsTheOnlyOne() throws IOException {
    try (RawClient client = RawClient.greeted(server.socket())) {
      client.option(NbdOption.INFO.number(), RawClient.infoQuery(""));
      assertThat(client.readReplies().getLast().kind()).isEqualTo(OptionReply.ACK);
      server.add(new TestExport("second", server.loop(), disk, true));
      client.option(NbdOption.INFO.number(), RawClient.infoQuery(""));
      assertThat(client.readReply())
          .extracting(Reply::kind, Reply::text)
          .containsExactly(
              OptionReply.ERR_UNKNOWN, "there is no default export; ask for one by its name");
    }
    server.await("no session is left open", () -> export.openSessions() == 0);
  }

  @Test
  void list() throws IOException {
    server.add(new TestExport("second", server.loop(), disk, true));
    try (RawClient client = RawClient.greeted(server.socket())) {
      client.option(NbdOption.LIST.number(), new byte[0]);
      List<Reply> replies = client.readReplies();
      assertThat(replies).hasSize(3);
      assertThat(replies.get(0).text()).endsWith("disktest export disk");
      assertThat(replies.get(1).text()).endsWith("secondtest export second");
    }
  }

  @Test
  void abortIsAcknowledged() throws IOException {
    try (RawClient client = RawClient.greeted(server.socket())) {
      client.option(NbdOption.ABORT.number(), new byte[0]);
      assertThat(client.readReply().kind()).isEqualTo(OptionReply.ACK);
      assertThat(client.isHungUp()).isTrue();
    }
  }

  @Test
  void unknownExport() throws IOException {
    try (RawClient client = RawClient.greeted(server.socket())) {
      client.option(NbdOption.GO.number(), RawClient.infoQuery("nothing"));
      assertThat(client.readReply())
          .extracting(Reply::kind, Reply::text)
          .containsExactly(OptionReply.ERR_UNKNOWN, "there is no export nothing");
      client.option(NbdOption.EXPORT_NAME.number(), "nothing".getBytes(StandardCharsets.UTF_8));
      assertThat(client.isHungUp()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EROFS, ERR_POLICY",
    "EBUSY, ERR_POLICY",
    "ENOENT, ERR_UNKNOWN",
    "ESHUTDOWN, ERR_SHUTDOWN",
    "EIO, ERR_PLATFORM"
  })
  void refusalToOpenCarriesItsReason(Errno errno, OptionReply reply) throws IOException {
    export.refuse(new OpenRefusedException(errno, "resource r0 is Secondary"));
    try (RawClient client = RawClient.greeted(server.socket())) {
      client.option(NbdOption.GO.number(), RawClient.infoQuery("disk"));
      assertThat(client.readReply())
          .extracting(Reply::kind, Reply::text)
          .containsExactly(reply, "resource r0 is Secondary");
      client.option(NbdOption.LIST.number(), new byte[0]);
      assertThat(client.readReplies()).hasSize(2);
    }
  }

  @Test
  void metaContextsNeedStructuredReplies() throws IOException {
    try (RawClient client = RawClient.greeted(server.socket())) {
      byte[] query = RawClient.metaContexts("disk", "base:");
      client.option(NbdOption.LIST_META_CONTEXT.number(), query);
      assertThat(client.readReply().kind()).isEqualTo(OptionReply.ERR_INVALID);
      client.option(NbdOption.STRUCTURED_REPLY.number(), new byte[0]);
      client.readReply();
      client.option(NbdOption.LIST_META_CONTEXT.number(), query);
      assertThat(client.readReplies().getFirst().text()).endsWith("base:allocation");
      client.option(NbdOption.SET_META_CONTEXT.number(), query);
      assertThat(client.readReplies()).hasSize(1);
    }
  }

  @Test
  void structuredAfterExtendedIsRefused() throws IOException {
    try (RawClient client = RawClient.greeted(server.socket())) {
      client.option(NbdOption.EXTENDED_HEADERS.number(), new byte[0]);
      assertThat(client.readReply().kind()).isEqualTo(OptionReply.ACK);
      client.option(NbdOption.STRUCTURED_REPLY.number(), new byte[0]);
      assertThat(client.readReply().kind()).isEqualTo(OptionReply.ERR_EXT_HEADER_REQD);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = NbdOption.class,
      names = {"LIST", "STARTTLS", "STRUCTURED_REPLY", "EXTENDED_HEADERS"})
  void dataWhereNoneBelongs(NbdOption option) throws IOException {
    try (RawClient client = RawClient.greeted(server.socket())) {
      client.option(option.number(), new byte[] {1});
      assertThat(client.readReply().kind()).isEqualTo(OptionReply.ERR_INVALID);
    }
  }

  @Test
  void unknownOptionsAndTlsAreRefused() throws IOException {
    try (RawClient client = RawClient.greeted(server.socket())) {
      client.option(4711, new byte[100]);
      assertThat(client.readReply().kind()).isEqualTo(OptionReply.ERR_UNSUP);
      client.option(NbdOption.STARTTLS.number(), new byte[0]);
      assertThat(client.readReply().kind()).isEqualTo(OptionReply.ERR_POLICY);
    }
  }

  @Test
  void optionThatIsTooLongIsSkipped() throws IOException {
    try (RawClient client = RawClient.greeted(server.socket())) {
      client.option(NbdOption.GO.number(), new byte[1 << 20]);
      assertThat(client.readReply().kind()).isEqualTo(OptionReply.ERR_TOO_BIG);
      client.option(NbdOption.INFO.number(), RawClient.infoQuery("disk"));
      assertThat(client.readReplies().getLast().kind()).isEqualTo(OptionReply.ACK);
    }
  }

  @Test
  void oldNewstyleClientMayOnlyNameAnExport() throws IOException {
    try (RawClient client = RawClient.connect(server.socket())) {
      client.readGreeting();
      client.sendInt(0);
      client.option(NbdOption.LIST.number(), new byte[0]);
      assertThat(client.isHungUp()).isTrue();
    }
  }
}
