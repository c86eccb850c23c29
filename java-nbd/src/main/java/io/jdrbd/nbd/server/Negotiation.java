package io.jdrbd.nbd.server;

import io.jdrbd.export.Export;
import io.jdrbd.nbd.protocol.HandshakeEncoder;
import io.jdrbd.nbd.protocol.HandshakeFlag;
import io.jdrbd.nbd.protocol.MetaContextQuery;
import io.jdrbd.nbd.protocol.NbdOption;
import io.jdrbd.nbd.protocol.OptionFormatException;
import io.jdrbd.nbd.protocol.OptionHeader;
import io.jdrbd.nbd.protocol.OptionReply;
import io.jdrbd.nbd.protocol.ProtocolException;
import io.jdrbd.nbd.protocol.ReplyMode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/**
 * The handshake of one connection, fixed newstyle: answers options one after another until the
 * client has chosen an export, which makes the connection a {@link Transmission}.
 */
final class Negotiation implements Phase {

  /** What the next bytes are, or what must happen before them. */
  private enum State {
    /** The client's answer to the greeting: 32 bits of flags. */
    CLIENT_FLAGS,
    OPTION_HEADER,
    OPTION_DATA,
    /** The data of an option that is too long. */
    SKIPPED_DATA,
    /** Nothing is taken until the export has answered whether it may be opened. */
    OPENING,
    /** Nothing: the connection ends. */
    ENDED
  }

  /** More than any option needs that is understood here. */
  private static final int MAX_OPTION_BYTES = 64 << 10;

  /** Longer data is not even skipped. */
  private static final int MAX_SKIPPED_BYTES = 32 << 20;

  private final Connection connection;
  private final ExportOpener opener;
  private State state = State.CLIENT_FLAGS;
  private OptionHeader option = new OptionHeader(0, 0);
  private long skipBytes;
  private boolean fixedNewstyle;
  private boolean noZeroes;
  private boolean draining;
  private ReplyMode mode = ReplyMode.SIMPLE;

  /** The export for which {@code base:allocation} was selected. */
  private Optional<OfferedExport> contextExport = Optional.empty();

  Negotiation(Connection connection) {
    this.connection = connection;
    this.opener = new ExportOpener(connection);
  }

  /** Sends the server's first message. */
  void greet() {
    ByteBuf out = Unpooled.directBuffer();
    HandshakeEncoder.greeting(out);
    connection.send(out);
  }

  @Override
  public void consume(ByteBuf in) throws ProtocolException {
    boolean progress;
    do {
      progress =
          connection.isWritable()
              && switch (state) {
                case CLIENT_FLAGS -> takeFlags(in);
                case OPTION_HEADER -> takeHeader(in);
                case OPTION_DATA -> takeData(in);
                case SKIPPED_DATA -> skipData(in);
                case OPENING, ENDED -> false;
              };
    } while (progress);
  }

  @Override
  public boolean wantsMore() {
    return connection.isWritable() && state != State.OPENING && state != State.ENDED;
  }

  @Override
  public void drain() {
    draining = true;
    if (state != State.OPENING) {
      state = State.ENDED;
      connection.closeWhenSent();
    }
  }

  @Override
  public void writable() {}

  @Override
  public void closed() {
    if (state != State.OPENING) {
      state = State.ENDED;
      connection.sessionClosed();
    }
  }

  private boolean takeFlags(ByteBuf in) throws ProtocolException {
    if (in.readableBytes() < Integer.BYTES) {
      return false;
    }
    int flags = in.readInt();
    if ((flags & ~HandshakeFlag.ALL) != 0) {
      throw new ProtocolException("client flags 0x%08x are not known".formatted(flags));
    }
    fixedNewstyle = HandshakeFlag.FIXED_NEWSTYLE.isIn(flags);
    noZeroes = HandshakeFlag.NO_ZEROES.isIn(flags);
    state = State.OPTION_HEADER;
    return true;
  }

  private boolean takeHeader(ByteBuf in) throws ProtocolException {
    if (in.readableBytes() < OptionHeader.BYTES) {
      return false;
    }
    option = OptionHeader.decode(in);
    if (option.lengthBytes() > MAX_SKIPPED_BYTES) {
      throw new ProtocolException(
          "option %d has %d bytes of data: at most %d are read"
              .formatted(option.option(), option.lengthBytes(), MAX_SKIPPED_BYTES));
    }
    if (!fixedNewstyle && option.option() != NbdOption.EXPORT_NAME.number()) {
      throw new ProtocolException(
          "option %d from a client without fixed newstyle".formatted(option.option()));
    }
    skipBytes = option.lengthBytes();
    boolean tooLong = skipBytes > MAX_OPTION_BYTES;
    state = tooLong ? State.SKIPPED_DATA : State.OPTION_DATA;
    if (!tooLong) {
      connection.inbound().reserve((int) skipBytes);
    }
    return true;
  }

  private boolean skipData(ByteBuf in) {
    int now = (int) Math.min(skipBytes, in.readableBytes());
    in.skipBytes(now);
    skipBytes -= now;
    if (skipBytes > 0) {
      return false;
    }
    state = State.OPTION_HEADER;
    reply(OptionReply.ERR_TOO_BIG, "at most %d bytes of data".formatted(MAX_OPTION_BYTES));
    return true;
  }

  private boolean takeData(ByteBuf in) throws ProtocolException {
    int lengthBytes = (int) option.lengthBytes();
    if (in.readableBytes() < lengthBytes) {
      return false;
    }
    state = State.OPTION_HEADER;
    ByteBuf data = in.readSlice(lengthBytes);
    Optional<NbdOption> known = NbdOption.of(option.option());
    try {
      if (known.isEmpty()) {
        reply(OptionReply.ERR_UNSUP, "option is not known");
      } else if (connection.mustStartTls() && needsTls(known.get())) {
        refuseWithoutTls(known.get());
      } else {
        answer(known.get(), data, in);
      }
    } catch (OptionFormatException e) {
      if (option.option() == NbdOption.EXPORT_NAME.number()) {
        throw new ProtocolException("EXPORT_NAME: " + e.getMessage());
      }
      reply(OptionReply.ERR_INVALID, e.getMessage());
    }
    return true;
  }

  private static boolean needsTls(NbdOption option) {
    return option != NbdOption.STARTTLS && option != NbdOption.ABORT;
  }

  private void refuseWithoutTls(NbdOption known) throws ProtocolException {
    if (known == NbdOption.EXPORT_NAME) {
      throw new ProtocolException("EXPORT_NAME without TLS, which is required");
    }
    reply(OptionReply.ERR_TLS_REQD, "this server requires TLS");
  }

  private void answer(NbdOption known, ByteBuf data, ByteBuf in)
      throws OptionFormatException, ProtocolException {
    switch (known) {
      case EXPORT_NAME -> awaitOpening(opener.exportName(data, opening()));
      case INFO, GO -> awaitOpening(opener.info(data, opening()));
      case LIST -> list(data);
      case ABORT -> {
        reply(OptionReply.ACK);
        state = State.ENDED;
        connection.closeWhenSent();
      }
      case STARTTLS -> startTls(data, in);
      case STRUCTURED_REPLY -> structuredReply(data);
      case EXTENDED_HEADERS -> extendedHeaders(data);
      case LIST_META_CONTEXT -> listContexts(MetaContextQuery.decode(data));
      case SET_META_CONTEXT -> setContexts(data);
    }
  }

  private ExportOpener.Opening opening() {
    return new ExportOpener.Opening(
        option.option(), mode, noZeroes, contextExport, this::openingEnded);
  }

  private void awaitOpening(boolean opening) {
    if (opening) {
      state = State.OPENING;
    }
  }

  private void openingEnded() {
    state = State.OPTION_HEADER;
    if (draining) {
      drain();
    } else {
      connection.proceed();
    }
  }

  private void list(ByteBuf data) throws OptionFormatException {
    requireEmpty(data);
    ByteBuf out = Unpooled.directBuffer();
    for (Export export : connection.registry().exports()) {
      HandshakeEncoder.server(out, option.option(), export.name(), export.description());
    }
    HandshakeEncoder.reply(out, option.option(), OptionReply.ACK);
    connection.send(out);
  }

  /** What follows STARTTLS in the clear might be anybody's, so it must be nothing. */
  private void startTls(ByteBuf data, ByteBuf in) throws OptionFormatException, ProtocolException {
    requireEmpty(data);
    switch (connection.tlsPolicy()) {
      case TlsPolicy.Off() -> reply(OptionReply.ERR_POLICY, "this server does not do TLS");
      case TlsPolicy.Allow(TlsSettings settings) -> startTls(settings, in);
      case TlsPolicy.Require(TlsSettings settings) -> startTls(settings, in);
    }
  }

  private void startTls(TlsSettings settings, ByteBuf in) throws ProtocolException {
    if (connection.isTls()) {
      reply(OptionReply.ERR_INVALID, "TLS has been started already");
      return;
    }
    if (in.isReadable()) {
      throw new ProtocolException("bytes in the clear after STARTTLS");
    }
    reply(OptionReply.ACK);
    connection.startTls(settings);
    mode = ReplyMode.SIMPLE;
    contextExport = Optional.empty();
  }

  private void structuredReply(ByteBuf data) throws OptionFormatException {
    requireEmpty(data);
    if (mode.extended()) {
      reply(OptionReply.ERR_EXT_HEADER_REQD, "extended headers were agreed on already");
    } else {
      mode = ReplyMode.STRUCTURED;
      reply(OptionReply.ACK);
    }
  }

  private void extendedHeaders(ByteBuf data) throws OptionFormatException {
    requireEmpty(data);
    mode = ReplyMode.EXTENDED;
    reply(OptionReply.ACK);
  }

  private void listContexts(MetaContextQuery query) {
    if (exportForContexts(query).isPresent()) {
      answerContexts(query.listsAllocation(), 0);
    }
  }

  private void setContexts(ByteBuf data) throws OptionFormatException {
    contextExport = Optional.empty();
    MetaContextQuery query = MetaContextQuery.decode(data);
    Optional<OfferedExport> export = exportForContexts(query);
    if (export.isPresent()) {
      contextExport = query.selectsAllocation() ? export : Optional.empty();
      answerContexts(query.selectsAllocation(), BlockStatus.CONTEXT_ID);
    }
  }

  private Optional<OfferedExport> exportForContexts(MetaContextQuery query) {
    if (!mode.chunked()) {
      reply(OptionReply.ERR_INVALID, "structured replies must be negotiated first");
      return Optional.empty();
    }
    Optional<OfferedExport> export = connection.registry().find(query.exportName());
    if (export.isEmpty()) {
      reply(OptionReply.ERR_UNKNOWN, ExportOpener.unknown(query.exportName()));
    }
    return export;
  }

  private void answerContexts(boolean allocation, int contextId) {
    ByteBuf out = Unpooled.directBuffer();
    if (allocation) {
      HandshakeEncoder.metaContext(
          out, option.option(), contextId, MetaContextQuery.BASE_ALLOCATION);
    }
    HandshakeEncoder.reply(out, option.option(), OptionReply.ACK);
    connection.send(out);
  }

  private void requireEmpty(ByteBuf data) throws OptionFormatException {
    if (data.isReadable()) {
      throw new OptionFormatException(
          "%d bytes of data where there must be none".formatted(data.readableBytes()));
    }
  }

  private void reply(OptionReply reply) {
    ByteBuf out = Unpooled.directBuffer();
    HandshakeEncoder.reply(out, option.option(), reply);
    connection.send(out);
  }

  private void reply(OptionReply reply, String text) {
    ByteBuf out = Unpooled.directBuffer();
    HandshakeEncoder.reply(out, option.option(), reply, text);
    connection.send(out);
  }
}
