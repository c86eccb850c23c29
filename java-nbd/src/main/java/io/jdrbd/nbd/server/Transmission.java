package io.jdrbd.nbd.server;

import io.jdrbd.buffer.PooledBuffer;
import io.jdrbd.export.ExportSession;
import io.jdrbd.nbd.protocol.CommandFlag;
import io.jdrbd.nbd.protocol.ExportInfo;
import io.jdrbd.nbd.protocol.NbdCommand;
import io.jdrbd.nbd.protocol.ProtocolException;
import io.jdrbd.nbd.protocol.RequestHeader;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * The transmission phase of one connection: cuts the incoming bytes into requests and payloads,
 * refuses what is not allowed, and has the rest carried out by its {@link RequestRunner}. It stops
 * taking requests while the connection is at one of its limits or the buffer pool is used up.
 */
final class Transmission implements Phase {

  /** What the next bytes are, or what must happen before them. */
  private enum State {
    /** A request's header. */
    HEADER,
    /** Nothing is taken until there is memory for the read in {@code current}. */
    READ_MEMORY,
    /** The payload of the write in {@code current}. */
    PAYLOAD,
    /** The payload of a block status request. */
    STATUS_PAYLOAD,
    /** A payload that belongs to a refused request. */
    SKIPPED_PAYLOAD,
    /** Nothing: requests in flight are finished, then the connection ends. */
    DRAINING
  }

  /** Effect length and at least one context; no server has more contexts than this has room for. */
  private static final int STATUS_PAYLOAD_MIN_BYTES = Long.BYTES + Integer.BYTES;

  private static final int STATUS_PAYLOAD_MAX_BYTES = Long.BYTES + 64 * Integer.BYTES;

  private final Connection connection;
  private final ExportSession session;
  private final Refusal.Agreement agreed;
  private final NbdServerOptions options;
  private final RequestRunner runner;
  private final ReplyWriter replies;
  private final RequestHeader header = new RequestHeader();

  private State state = State.HEADER;

  /** The request whose payload or memory is awaited. */
  private Request current = new Request();

  /** The part of the payload that is being filled, if there is one. */
  private Optional<Piece> filling = Optional.empty();

  private long skipBytes;
  private Refusal skipped = Refusal.NONE;
  private boolean awaitsMemory;
  private Optional<PooledBuffer> granted = Optional.empty();
  private boolean closed;
  private boolean sessionClosed;

  Transmission(
      Connection connection,
      ExportSession session,
      ExportCounters counters,
      Refusal.Agreement agreed) {
    this.connection = connection;
    this.session = session;
    this.agreed = agreed;
    this.options = connection.options();
    this.replies = connection.replyWriter(agreed.mode());
    this.runner =
        new RequestRunner(session.disk(), replies, counters, connection, this::requestsEnded);
    connection.inbound().enlargeForTransmission();
  }

  Refusal.Agreement agreement() {
    return agreed;
  }

  int requestsInFlight() {
    return runner.requestsInFlight();
  }

  @Override
  public void consume(ByteBuf in) throws ProtocolException {
    boolean progress;
    do {
      progress =
          switch (state) {
            case HEADER -> takeHeader(in);
            case READ_MEMORY -> beginRead();
            case PAYLOAD -> takePayload(in);
            case STATUS_PAYLOAD -> takeStatusPayload(in);
            case SKIPPED_PAYLOAD -> skipPayload(in);
            case DRAINING -> {
              in.skipBytes(in.readableBytes());
              yield false;
            }
          };
    } while (progress);
  }

  @Override
  public boolean wantsMore() {
    return switch (state) {
      case HEADER -> !full();
      case READ_MEMORY -> false;
      case PAYLOAD -> !awaitsMemory;
      case STATUS_PAYLOAD, SKIPPED_PAYLOAD -> true;
      case DRAINING -> false;
    };
  }

  @Override
  public void drain() {
    if (state != State.DRAINING) {
      boolean beginning = state == State.READ_MEMORY || state == State.PAYLOAD;
      state = State.DRAINING;
      filling.ifPresent(this::drop);
      granted.ifPresent(PooledBuffer::release);
      granted = Optional.empty();
      if (beginning) {
        runner.abandon(current);
      }
    }
    endIfIdle();
  }

  @Override
  public void writable() {
    runner.writable();
  }

  @Override
  public void closed() {
    closed = true;
    replies.close();
    runner.mute();
    drain();
  }

  /** The payload being filled, or {@link PooledBuffer#NONE}. */
  PooledBuffer filling() {
    return filling.isPresent() ? filling.get().payload() : PooledBuffer.NONE;
  }

  private boolean full() {
    return runner.requestsInFlight() >= options.maxRequests()
        || runner.heldBytes() >= options.maxHeldBytes()
        || !connection.isWritable();
  }

  private boolean takeHeader(ByteBuf in) throws ProtocolException {
    boolean extended = agreed.mode().extended();
    if (in.readableBytes() < RequestHeader.bytes(extended) || full()) {
      return false;
    }
    header.decode(in, extended);
    Optional<NbdCommand> command = NbdCommand.of(header.type());
    long payloadBytes = payloadBytes(command);
    if (payloadBytes < 0 || payloadBytes > ExportInfo.MAX_PAYLOAD_BYTES) {
      throw new ProtocolException(
          "request of type %d with a payload of %s bytes: at most %d are allowed"
              .formatted(
                  header.type(),
                  Long.toUnsignedString(payloadBytes),
                  ExportInfo.MAX_PAYLOAD_BYTES));
    }
    if (command.isEmpty()) {
      refuse(Refusal.UNKNOWN_COMMAND, payloadBytes);
    } else {
      judge(command.get(), payloadBytes);
    }
    return true;
  }

  private long payloadBytes(Optional<NbdCommand> command) {
    boolean announced = agreed.mode().extended() && CommandFlag.PAYLOAD_LEN.isIn(header.flags());
    boolean isWrite = command.isPresent() && command.get() == NbdCommand.WRITE;
    return announced || isWrite ? header.lengthBytes() : 0;
  }

  private void judge(NbdCommand command, long payloadBytes) {
    Refusal refusal = Refusal.ofFlags(command, header.flags(), agreed);
    boolean statusPayload = command == NbdCommand.BLOCK_STATUS && payloadBytes > 0;
    if (refusal == Refusal.NONE && !statusPayload) {
      refusal =
          Refusal.ofRange(
              command, header.offsetBytes(), header.lengthBytes(), session.disk().geometry());
    }
    if (refusal == Refusal.NONE) {
      begin(command, payloadBytes);
    } else {
      refuse(refusal, payloadBytes);
    }
  }

  private void begin(NbdCommand command, long payloadBytes) {
    switch (command) {
      case READ -> {
        current = runner.begin(command, header);
        state = State.READ_MEMORY;
      }
      case WRITE -> {
        current = runner.begin(command, header);
        state = State.PAYLOAD;
      }
      case DISC -> connection.drain("client disconnected");
      case FLUSH, TRIM, WRITE_ZEROES -> runner.run(runner.begin(command, header));
      case CACHE -> runner.succeed(runner.begin(command, header));
      case BLOCK_STATUS -> {
        if (payloadBytes == 0) {
          runner.status(runner.begin(command, header), header.lengthBytes());
        } else if (payloadBytes < STATUS_PAYLOAD_MIN_BYTES
            || payloadBytes > STATUS_PAYLOAD_MAX_BYTES
            || payloadBytes % Integer.BYTES != 0) {
          refuse(Refusal.BAD_PAYLOAD, payloadBytes);
        } else {
          state = State.STATUS_PAYLOAD;
        }
      }
    }
  }

  private void refuse(Refusal refusal, long payloadBytes) {
    skipped = refusal;
    skipBytes = payloadBytes;
    state = State.SKIPPED_PAYLOAD;
  }

  private boolean skipPayload(ByteBuf in) {
    int now = (int) Math.min(skipBytes, in.readableBytes());
    in.skipBytes(now);
    skipBytes -= now;
    if (skipBytes > 0) {
      return false;
    }
    runner.refuse(header, skipped);
    state = State.HEADER;
    return true;
  }

  private boolean takeStatusPayload(ByteBuf in) {
    int payloadBytes = (int) header.lengthBytes();
    if (in.readableBytes() < payloadBytes) {
      return false;
    }
    long effectBytes = in.readLong();
    boolean known = true;
    for (int read = Long.BYTES; read < payloadBytes; read += Integer.BYTES) {
      known &= in.readInt() == BlockStatus.CONTEXT_ID;
    }
    state = State.HEADER;
    Refusal refusal =
        known
            ? Refusal.ofRange(
                NbdCommand.BLOCK_STATUS,
                header.offsetBytes(),
                effectBytes,
                session.disk().geometry())
            : Refusal.BAD_PAYLOAD;
    if (refusal == Refusal.NONE) {
      runner.status(runner.begin(NbdCommand.BLOCK_STATUS, header), effectBytes);
    } else {
      runner.refuse(header, refusal);
    }
    return true;
  }

  private boolean beginRead() {
    if (runner.isLongRead(current)) {
      state = State.HEADER;
      runner.readLong(current);
      return true;
    }
    int lengthBytes = (int) current.lengthBytes();
    if (lengthBytes > connection.pool().capacityBytes()) {
      runner.fail(current, Refusal.NO_MEMORY.error());
      state = State.HEADER;
      return true;
    }
    Optional<PooledBuffer> buffer = memory(lengthBytes);
    if (buffer.isEmpty()) {
      return false;
    }
    state = State.HEADER;
    runner.read(current, buffer.get());
    return true;
  }

  private boolean takePayload(ByteBuf in) {
    if (filling.isEmpty()) {
      int lengthBytes = (int) Math.min(Piece.MAX_BYTES, current.remainingBytes());
      Optional<PooledBuffer> buffer = memory(lengthBytes);
      if (buffer.isEmpty()) {
        return false;
      }
      filling = runner.writePiece(current, buffer.get(), lengthBytes).present();
    }
    Piece piece = filling.get();
    PooledBuffer payload = piece.payload();
    int missing = piece.payloadBytes() - payload.writerIndex();
    payload.writeBytes(in, Math.min(missing, in.readableBytes()));
    if (payload.writerIndex() < piece.payloadBytes()) {
      connection.inbound().expectPayload(payload, piece.payloadBytes());
      return false;
    }
    connection.inbound().payloadComplete();
    filling = Optional.empty();
    runner.write(piece);
    if (current.remainingBytes() == 0) {
      state = State.HEADER;
    }
    return true;
  }

  /**
   * Memory for the current request: now, or nothing yet and this phase goes on when it is there.
   */
  private Optional<PooledBuffer> memory(int lengthBytes) {
    if (granted.isPresent()) {
      Optional<PooledBuffer> taken = granted;
      granted = Optional.empty();
      return taken;
    }
    if (awaitsMemory) {
      return Optional.empty();
    }
    Optional<PooledBuffer> buffer = connection.pool().tryAllocate(lengthBytes);
    if (buffer.isEmpty()) {
      awaitsMemory = true;
      connection.pool().allocate(lengthBytes, connection.loop(), this::memoryGranted);
    }
    return buffer;
  }

  private void memoryGranted(PooledBuffer buffer) {
    awaitsMemory = false;
    if (state == State.DRAINING) {
      buffer.release();
    } else {
      granted = Optional.of(buffer);
      connection.proceed();
    }
  }

  private void drop(Piece piece) {
    connection.inbound().payloadComplete();
    filling = Optional.empty();
    runner.dropPiece(piece);
  }

  private void requestsEnded() {
    if (state == State.DRAINING) {
      endIfIdle();
    } else {
      connection.resume();
    }
  }

  private void endIfIdle() {
    if (runner.requestsInFlight() > 0 || sessionClosed) {
      return;
    }
    if (closed) {
      sessionClosed = true;
      session.close();
      connection.sessionClosed();
    } else {
      replies.flush();
      connection.closeWhenSent();
    }
  }
}
