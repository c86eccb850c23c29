# Every command with every flag that the server offers, with structured and with simple replies.
import nbd


def connect(structured):
    handle = nbd.NBD()
    handle.set_request_structured_replies(structured)
    if structured:
        handle.add_meta_context(nbd.CONTEXT_BASE_ALLOCATION)
    handle.set_export_name("disk")
    handle.connect_unix(socket)
    assert handle.get_structured_replies_negotiated() == structured
    return handle


for structured in (True, False):
    h = connect(structured)
    assert h.get_size() == 64 << 20
    assert h.can_df() == structured
    assert h.can_fua() and h.can_flush() and h.can_trim() and h.can_zero()
    assert h.can_cache() and h.can_multi_conn() and h.can_fast_zero()

    data = bytes(range(256)) * 4096
    h.pwrite(data, 4096)
    assert h.pread(len(data), 4096) == data
    h.pwrite(b"unaligned", 4097, nbd.CMD_FLAG_FUA)
    assert h.pread(11, 4096) == b"\0unaligned\x0a"
    h.flush()

    h.zero(8192, 8192, nbd.CMD_FLAG_NO_HOLE)
    assert h.pread(8192, 8192) == bytes(8192)
    h.zero(4096, 16384, nbd.CMD_FLAG_FAST_ZERO)
    assert h.pread(4096, 16384) == bytes(4096)
    h.zero(4096, 20480, nbd.CMD_FLAG_FUA)
    h.trim(65536, 65536, nbd.CMD_FLAG_FUA)
    h.cache(1 << 20, 0)

    whole = h.pread(32 << 20, 0)
    assert len(whole) == 32 << 20 and whole[4096:4106] == b"\0unaligned"

    if structured:
        chunks = []
        h.pread_structured(
            8 << 20, 0, lambda buf, offset, status, err: chunks.append((offset, len(buf))))
        assert sum(length for _, length in chunks) == 8 << 20 and len(chunks) == 8
        chunks.clear()
        h.pread_structured(
            8 << 20, 0, lambda buf, offset, status, err: chunks.append((offset, len(buf))),
            nbd.CMD_FLAG_DF)
        assert chunks == [(0, 8 << 20)]

        extents = []
        h.block_status(64 << 20, 0, lambda ctx, offset, entries, err: extents.extend(entries))
        assert sum(extents[::2]) == 64 << 20
        extents.clear()
        h.block_status(
            64 << 20, 0, lambda ctx, offset, entries, err: extents.extend(entries),
            nbd.CMD_FLAG_REQ_ONE)
        assert len(extents) == 2
    h.zero(64 << 20, 0)
    h.shutdown()
