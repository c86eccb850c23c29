package io.jdrbd.benchmark;

import io.jdrbd.nbd.protocol.NbdCommand;
import io.jdrbd.nbd.protocol.NbdError;
import io.jdrbd.nbd.protocol.NbdMagic;
import io.jdrbd.nbd.protocol.ProtocolException;
import io.jdrbd.nbd.protocol.ReplyEncoder;
import io.jdrbd.nbd.protocol.ReplyMode;
import io.jdrbd.nbd.protocol.RequestHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the bytes of one request and its reply cost, in each of the agreed formats. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class NbdCodecBenchmark {
  private static final long COOKIE = 0x0123_4567_89ab_cdefL;
  private static final long OFFSET_BYTES = 1L << 30;
  private static final int LENGTH_BYTES = 4096;

  /** What was agreed on. */
  @Param public ReplyMode mode;

  private final RequestHeader header = new RequestHeader();
  private final ByteBuf request = Unpooled.directBuffer(RequestHeader.EXTENDED_BYTES);
  private final ByteBuf reply = Unpooled.directBuffer(ReplyEncoder.MAX_BYTES);
  private ReplyEncoder encoder = new ReplyEncoder(ReplyMode.SIMPLE);

  @Setup
  public void encodeRequest() {
    encoder = new ReplyEncoder(mode);
    request.writeInt(mode.extended() ? NbdMagic.EXTENDED_REQUEST : NbdMagic.COMPACT_REQUEST);
    request.writeShort(0).writeShort(NbdCommand.READ.number());
    request.writeLong(COOKIE).writeLong(OFFSET_BYTES);
    if (mode.extended()) {
      request.writeLong(LENGTH_BYTES);
    } else {
      request.writeInt(LENGTH_BYTES);
    }
  }

  @TearDown
  public void release() {
    request.release();
    reply.release();
  }

  @Benchmark
  public Optional<NbdCommand> decodeRequest() throws ProtocolException {
    header.decode(request.readerIndex(0), mode.extended());
    return NbdCommand.of(header.type());
  }

  @Benchmark
  public ByteBuf encodeDataHeader() {
    reply.clear();
    if (mode.chunked()) {
      encoder.dataChunk(reply, true, COOKIE, OFFSET_BYTES, OFFSET_BYTES, LENGTH_BYTES);
    } else {
      encoder.simpleData(reply, COOKIE);
    }
    return reply;
  }

  @Benchmark
  public ByteBuf encodeSuccess() {
    encoder.status(reply.clear(), NbdError.NONE, COOKIE, OFFSET_BYTES);
    return reply;
  }
}
