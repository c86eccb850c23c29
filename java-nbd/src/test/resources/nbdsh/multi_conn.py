# What CAN_MULTI_CONN promises: a flush on one connection covers writes that were completed on
# another, and each connection sees at once what the others have written.
import nbd

handles = []
for _ in range(8):
    h = nbd.NBD()
    h.set_export_name("disk")
    h.connect_unix(socket)
    assert h.can_multi_conn()
    handles.append(h)

for turn in range(64):
    writer = handles[turn % 8]
    data = bytes([turn]) * 4096
    writer.pwrite(data, turn * 4096)
    for reader in handles:
        assert reader.pread(4096, turn * 4096) == data
    handles[(turn + 1) % 8].flush()

for h in handles:
    h.shutdown()
