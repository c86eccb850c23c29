# Wrong requests are answered with the protocol's error, and the connection goes on.
import errno
import nbd


def fails(expected, call):
    try:
        call()
    except nbd.Error as ex:
        assert ex.errnum == expected, (expected, ex.errnum, ex.string)
        return
    raise AssertionError("no error, expected %s" % errno.errorcode[expected])


for structured in (True, False):
    h = nbd.NBD()
    h.set_strict_mode(0)
    h.set_request_structured_replies(structured)
    h.set_export_name("disk")
    h.connect_unix(socket)
    size = h.get_size()
    fails(errno.EINVAL, lambda: h.pread(512, size))
    fails(errno.EINVAL, lambda: h.pread(513, size - 512))
    fails(errno.ENOSPC, lambda: h.pwrite(bytes(512), size))
    fails(errno.ENOSPC, lambda: h.pwrite(bytes(513), size - 512))
    fails(errno.ENOSPC, lambda: h.zero(512, size))
    fails(errno.EINVAL, lambda: h.trim(512, size))
    fails(errno.EINVAL, lambda: h.cache(512, size))
    fails(errno.EINVAL, lambda: h.trim(512, 0, nbd.CMD_FLAG_NO_HOLE))
    fails(errno.EINVAL, lambda: h.pread(512, 0, nbd.CMD_FLAG_REQ_ONE))
    h.pwrite(b"still here", 0)
    assert h.pread(10, 0) == b"still here"
    h.shutdown()

h = nbd.NBD()
h.set_strict_mode(0)
h.set_export_name("ro")
h.connect_unix(socket)
assert h.is_read_only()
fails(errno.EPERM, lambda: h.pwrite(bytes(512), 0))
fails(errno.EPERM, lambda: h.zero(512, 0))
fails(errno.EPERM, lambda: h.trim(512, 0))
assert h.pread(512, 0) == bytes(512)
h.shutdown()
