package io.jdrbd.nbd.server;

import io.jdrbd.disk.Errno;
import io.jdrbd.export.Export;
import io.jdrbd.export.Export.Access;
import io.jdrbd.export.ExportSession;
import io.jdrbd.export.OpenRefusedException;
import io.jdrbd.nbd.protocol.ExportInfo;
import io.jdrbd.nbd.protocol.HandshakeEncoder;
import io.jdrbd.nbd.protocol.InfoQuery;
import io.jdrbd.nbd.protocol.InfoType;
import io.jdrbd.nbd.protocol.NbdOption;
import io.jdrbd.nbd.protocol.OptionFormatException;
import io.jdrbd.nbd.protocol.OptionReply;
import io.jdrbd.nbd.protocol.ReplyMode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * The options that open an export: EXPORT_NAME and GO to use it, INFO to describe it. An export may
 * take its time to answer, and may refuse.
 */
final class ExportOpener {
  private final Connection connection;

  ExportOpener(Connection connection) {
    this.connection = connection;
  }

  /**
   * What the handshake has come to when an export is to be opened.
   *
   * @param option the number of the option to answer
   * @param contextExport for which {@code base:allocation} was selected
   * @param resume continues the handshake if the export is not used after all
   */
  record Opening(
      int option,
      ReplyMode mode,
      boolean noZeroes,
      Optional<OfferedExport> contextExport,
      Runnable resume) {

    boolean isGo() {
      return option == NbdOption.GO.number();
    }
  }

  static String unknown(String name) {
    return name.isEmpty()
        ? "there is no default export; ask for one by its name"
        : "there is no export %s".formatted(name);
  }

  /**
   * Answers EXPORT_NAME; if there is no such export, the protocol knows but to hang up.
   *
   * @return whether an export is being opened
   */
  boolean exportName(ByteBuf data, Opening opening) throws OptionFormatException {
    String name = InfoQuery.decodeName(data);
    Optional<OfferedExport> offered = connection.registry().find(name);
    if (offered.isEmpty()) {
      connection.hangUp("EXPORT_NAME: " + unknown(name));
      return false;
    }
    open(offered.get(), access(offered.get().export()), new EnterByName(offered.get(), opening));
    return true;
  }

  /**
   * Answers INFO and GO.
   *
   * @return whether an export is being opened
   */
  boolean info(ByteBuf data, Opening opening) throws OptionFormatException {
    InfoQuery query = InfoQuery.decode(data);
    Optional<OfferedExport> offered = connection.registry().find(query.exportName());
    if (offered.isEmpty()) {
      refuse(opening, OptionReply.ERR_UNKNOWN, unknown(query.exportName()));
      return false;
    }
    Access access = opening.isGo() ? access(offered.get().export()) : Access.READ_ONLY;
    open(offered.get(), access, new Describe(offered.get(), query, opening));
    return true;
  }

  private static Access access(Export export) {
    return export.readOnly() ? Access.READ_ONLY : Access.READ_WRITE;
  }

  private void open(OfferedExport offered, Access access, Answer answer) {
    offered.enter(connection);
    offered
        .export()
        .open(access, connection.clientName())
        .whenComplete(
            (session, failure) ->
                connection
                    .loop()
                    .execute(
                        () -> {
                          if (failure == null) {
                            opened(offered, session, answer);
                          } else {
                            offered.leave(connection);
                            failed(failure, answer);
                          }
                        }));
  }

  private void opened(OfferedExport offered, ExportSession session, Answer answer) {
    if (connection.isClosed() || offered.isWithdrawing()) {
      session.close();
      offered.leave(connection);
      if (connection.isClosed()) {
        connection.sessionClosed();
      } else {
        answer.refused(OptionReply.ERR_SHUTDOWN, "the export is being removed");
      }
    } else {
      answer.opened(session);
    }
  }

  private void failed(Throwable failure, Answer answer) {
    if (connection.isClosed()) {
      connection.sessionClosed();
      return;
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    OptionReply reply =
        cause instanceof OpenRefusedException refused
            ? reply(refused.errno())
            : OptionReply.ERR_PLATFORM;
    answer.refused(reply, String.valueOf(cause.getMessage()));
  }

  /** How the handshake tells why an export cannot be opened. */
  static OptionReply reply(Errno errno) {
    return switch (errno) {
      case ENOENT -> OptionReply.ERR_UNKNOWN;
      case EPERM, EACCES, EROFS, EBUSY -> OptionReply.ERR_POLICY;
      case ESHUTDOWN -> OptionReply.ERR_SHUTDOWN;
      default -> OptionReply.ERR_PLATFORM;
    };
  }

  private void refuse(Opening opening, OptionReply reply, String text) {
    ByteBuf out = Unpooled.directBuffer();
    HandshakeEncoder.reply(out, opening.option(), reply, text);
    connection.send(out);
  }

  private void enter(OfferedExport offered, ExportSession session, Opening opening) {
    boolean blockStatus =
        opening.contextExport().isPresent() && opening.contextExport().get() == offered;
    connection.enter(
        offered,
        session,
        new Refusal.Agreement(opening.mode(), offered.export().readOnly(), blockStatus));
  }

  /** What to do when the export has answered. */
  private sealed interface Answer {
    void opened(ExportSession session);

    void refused(OptionReply reply, String text);
  }

  private final class EnterByName implements Answer {
    private final OfferedExport offered;
    private final Opening opening;

    EnterByName(OfferedExport offered, Opening opening) {
      this.offered = offered;
      this.opening = opening;
    }

    @Override
    public void opened(ExportSession session) {
      ByteBuf out = Unpooled.directBuffer();
      ExportInfo info =
          ExportInfo.of(session.disk().geometry(), offered.export().readOnly(), opening.mode());
      HandshakeEncoder.exportNameReply(out, info, opening.noZeroes());
      connection.send(out);
      enter(offered, session, opening);
    }

    @Override
    public void refused(OptionReply reply, String text) {
      opening.resume().run();
      connection.hangUp("EXPORT_NAME: " + text);
    }
  }

  private final class Describe implements Answer {
    private final OfferedExport offered;
    private final InfoQuery query;
    private final Opening opening;

    Describe(OfferedExport offered, InfoQuery query, Opening opening) {
      this.offered = offered;
      this.query = query;
      this.opening = opening;
    }

    @Override
    public void opened(ExportSession session) {
      Export export = offered.export();
      int option = opening.option();
      ExportInfo info = ExportInfo.of(session.disk().geometry(), export.readOnly(), opening.mode());
      ByteBuf out = Unpooled.directBuffer();
      HandshakeEncoder.exportInfo(out, option, info);
      if (query.infos().contains(InfoType.NAME)) {
        HandshakeEncoder.textInfo(out, option, InfoType.NAME, export.name());
      }
      if (query.infos().contains(InfoType.DESCRIPTION)) {
        HandshakeEncoder.textInfo(out, option, InfoType.DESCRIPTION, export.description());
      }
      HandshakeEncoder.blockSizeInfo(out, option, info);
      HandshakeEncoder.reply(out, option, OptionReply.ACK);
      connection.send(out);
      if (opening.isGo()) {
        enter(offered, session, opening);
      } else {
        session.close();
        offered.leave(connection);
        opening.resume().run();
      }
    }

    @Override
    public void refused(OptionReply reply, String text) {
      refuse(opening, reply, text);
      opening.resume().run();
    }
  }
}
