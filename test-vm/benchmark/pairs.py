"""What keeps two copies: jdrbd with a peer, and qemu's quorum; and jdrbd with metadata but without a peer."""

import os
import socket

import jdrbd
import process
import targets

CONNECT_TIMEOUT_S = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class JdrbdPair(targets.Target):
    """Two daemons on loopback, protocol C. Both files are the same, so the first synchronisation is left out."""

    name = "jdrbd-pair"
    programs = []
    disk_options = []

    def start(self):
        self.nodes = []
        self.ports = [free_port(), free_port()]
        for node_id in (0, 1):
            self.nodes.append(self._start_node(node_id))
        self.server = process.Group(*(node.server for node in self.nodes))
        for node_id in (0, 1):
            self._connect(node_id)
        self.nodes[0].command("wait-connect-resource", "bench", f"--wfc-timeout={CONNECT_TIMEOUT_S}")
        self.nodes[0].command("new-current-uuid", 0, "--clear-bitmap")
        self.nodes[0].command("primary", "bench")

    def _start_node(self, node_id):
        path = self.path.with_suffix(f".{node_id}")
        targets.fill(path, self.size_bytes)
        run_dir = self.run_dir / f"{self.name}-{node_id}"
        os.mkdir(run_dir)
        node = jdrbd.Daemon(run_dir, self.run_dir / f"{self.name}-{node_id}.log", self.environment(node_id))
        node.command("drbdmeta", "--force", "--quiet", 0, "v09", path, "internal", "create-md", 1)
        node.command("new-resource", "bench", node_id)
        node.command("new-minor", "bench", 0, 0, "--device=none")
        node.command("attach", 0, path, path, "internal", *self.disk_options)
        return node

    def _connect(self, node_id):
        ours = f"ipv4:127.0.0.1:{self.ports[node_id]}"
        theirs = f"ipv4:127.0.0.1:{self.peer_port(1 - node_id)}"
        node = self.nodes[node_id]
        node.command("new-peer", "bench", 1 - node_id, f"--_name=node-{1 - node_id}", "--protocol=C")
        node.command("new-path", "bench", 1 - node_id, ours, theirs)
        node.command("connect", "bench", 1 - node_id)

    def peer_port(self, node_id):
        """Where the other node reaches this one."""
        return self.ports[node_id]

    def environment(self, node_id):
        """Variables for the node's daemon beside those of this process."""
        return {}

    def fio_options(self):
        # The metadata at the end is not part of the device.
        size = self.size_bytes - (4 << 20)
        return [f"--size={size}", "--ioengine=nbd", f"--uri=nbd+unix:///bench/0?socket={self.nodes[0].nbd_socket()}"]

    def describe(self):
        options = " ".join(["internal metadata", *self.disk_options])
        return f"jdrbd new-peer --protocol=C, both nodes attached with {options}"


class JdrbdPairUnflushed(JdrbdPair):
    """On equal terms with qemu's quorum, which flushes when it is asked to, and not at each barrier."""

    name = "jdrbd-pair-unflushed"
    disk_options = ["--disk-flushes=no"]


class JdrbdAlone(JdrbdPair):
    """The same node before it has a peer."""

    name = "jdrbd-alone"

    def start(self):
        self.nodes = [self._start_node(0)]
        self.server = self.nodes[0].server
        self.nodes[0].command("primary", "bench", "--force")

    def describe(self):
        return "jdrbd attach with internal metadata, no peer"


class QemuQuorum(targets.Target):
    """Every write goes to a file and, through NBD over loopback, to another process with a file of its own."""

    name = "qemu-quorum"
    programs = ["qemu-storage-daemon"]

    def start(self):
        self.port = free_port()
        self.socket = self.run_dir / f"{self.name}.sock"
        remote = self._start("remote", [*self._file("copy", 1), *self._tcp_export()])
        process.await_condition("the remote copy is offered", self._remote_listens)
        local = self._start("local", [*self._file("own", 0), *self._quorum(), *self._socket_export()])
        self.server = process.Group(local, remote)
        process.await_condition(f"{self.socket} exists", self.socket.is_socket)

    def _start(self, name, words):
        self.log = self.run_dir / f"{self.name}-{name}.log"
        return process.Process(["qemu-storage-daemon", *words], self.log)

    def _file(self, node, number):
        path = self.path.with_suffix(f".{number}")
        targets.fill(path, self.size_bytes)
        return ["--blockdev", f"driver=file,node-name={node},filename={path},cache.direct=on,aio=io_uring,discard=unmap"]

    def _tcp_export(self):
        server = f"addr.type=inet,addr.host=127.0.0.1,addr.port={self.port}"
        return ["--nbd-server", server, "--export", "nbd,id=copy,node-name=copy,name=copy,writable=on"]

    def _quorum(self):
        server = f"server.type=inet,server.host=127.0.0.1,server.port={self.port}"
        return [
            "--blockdev",
            f"driver=nbd,node-name=far,{server},export=copy",
            "--blockdev",
            "driver=quorum,node-name=both,vote-threshold=1,read-pattern=fifo,children.0=own,children.1=far",
        ]

    def _socket_export(self):
        return [
            "--nbd-server",
            f"addr.type=unix,addr.path={self.socket}",
            "--export",
            "nbd,id=both,node-name=both,name=both,writable=on",
        ]

    def _remote_listens(self):
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def fio_options(self):
        return ["--ioengine=nbd", f"--uri=nbd+unix:///both?socket={self.socket}"]

    def describe(self):
        return "qemu-storage-daemon: quorum of a file (cache.direct=on, aio=io_uring) and NBD over loopback to another"
