# The handshake, option by option.
import nbd

h = nbd.NBD()
h.set_opt_mode(True)
h.connect_unix(socket)
assert h.get_protocol() == "newstyle-fixed"

exports = []
assert h.opt_list(lambda name, description: exports.append(name)) == 2
assert sorted(exports) == ["disk", "ro"]

contexts = []
h.set_export_name("disk")
h.clear_meta_contexts()
h.opt_list_meta_context(contexts.append)
assert contexts == ["base:allocation"]
contexts.clear()
h.add_meta_context("base:")
h.opt_list_meta_context(contexts.append)
assert contexts == ["base:allocation"]
contexts.clear()
h.clear_meta_contexts()
h.add_meta_context("qemu:dirty-bitmap:x")
assert h.opt_list_meta_context(contexts.append) == 0

h.set_full_info(True)
h.opt_info()
assert h.get_size() == 64 << 20
assert h.get_canonical_export_name() == "disk"
assert h.get_export_description() != ""

h.set_export_name("nothing")
try:
    h.opt_info()
    raise AssertionError("there is no such export")
except nbd.Error:
    pass

h.set_export_name("ro")
h.opt_go()
assert h.is_read_only()
h.shutdown()

h = nbd.NBD()
h.set_opt_mode(True)
h.connect_unix(socket)
h.opt_abort()
