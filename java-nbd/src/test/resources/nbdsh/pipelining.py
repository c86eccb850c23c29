# Many requests in flight on one connection, of very different sizes, answered in any order.
import nbd

h = nbd.NBD()
h.set_export_name("disk")
h.connect_unix(socket)

buffers = []
for i in range(400):
    length = 1 + (i * 7919) % 300000
    data = nbd.Buffer.from_bytearray(bytearray([i % 251]) * length)
    buffers.append((i * 131072 % (32 << 20), length, data))

for batch in range(0, 400, 50):
    cookies = [h.aio_pwrite(data, 32 << 20) for _, _, data in buffers[batch:batch + 50]]
    reads = [h.aio_pread(nbd.Buffer(4 << 20), 0) for _ in range(4)]
    waiting = set(cookies + reads)
    while waiting:
        h.poll(-1)
        waiting -= {cookie for cookie in waiting if h.aio_command_completed(cookie)}

for i, (offset, length, data) in enumerate(buffers[:200]):
    h.pwrite(data.to_bytearray(), offset)
    assert h.pread(length, offset) == bytes([i % 251]) * length
h.shutdown()
