"""What is measured: servers that offer a file or memory through NBD, and the file itself."""

import os
from abc import ABC, abstractmethod
from pathlib import Path

import process

FILL_CHUNK_BYTES = 1 << 20


def fill(path, size_bytes):
    """Makes a file whose blocks are all allocated and written, so that no target pays for that."""
    noise = os.urandom(FILL_CHUNK_BYTES)
    with open(path, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, size_bytes)
        for _ in range(size_bytes // FILL_CHUNK_BYTES):
            file.write(noise)
        file.flush()
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


class Target(ABC):
    """One column of the tables. Started once, it stays up for the whole run."""

    name = ""
    programs = []
    in_memory = False

    def __init__(self, work_dir, run_dir, size_bytes):
        """work_dir holds the target's file; run_dir its sockets and logs."""
        self.path = Path(work_dir) / f"{self.name}.img"
        self.run_dir = Path(run_dir)
        self.size_bytes = size_bytes
        self.server = None

    @abstractmethod
    def start(self):
        """Makes the target ready for fio."""

    @abstractmethod
    def fio_options(self):
        """fio's engine and what it opens."""

    def stop(self):
        if self.server:
            self.server.stop()

    def peak_rss_bytes(self):
        return self.server.peak_rss_bytes() if self.server else 0

    def describe(self):
        """The command, for the report."""
        return " ".join(self.server.command) if self.server else ""


class RawFile(Target):
    """The limit: fio on the file itself."""

    name = "raw"

    def start(self):
        fill(self.path, self.size_bytes)

    def fio_options(self):
        return ["--ioengine=io_uring", "--direct=1", f"--filename={self.path}"]

    def describe(self):
        return " ".join(self.fio_options())


class NbdServer(Target):
    """A program that offers an export on a Unix socket."""

    @abstractmethod
    def command(self):
        """What to start; it must stay in the foreground."""

    @property
    def socket(self):
        return self.run_dir / f"{self.name}.sock"

    def start(self):
        if not self.in_memory:
            fill(self.path, self.size_bytes)
        self.server = process.Process(self.command(), self.run_dir / f"{self.name}.log")
        process.await_condition(f"{self.name}: socket {self.socket} exists", self._listening)

    def fio_options(self):
        return ["--ioengine=nbd", f"--uri=nbd+unix:///?socket={self.socket}"]

    def _listening(self):
        self.server.check_alive()
        return self.socket.is_socket()


class QemuNbd(NbdServer):
    name = "qemu-nbd"
    programs = ["qemu-nbd"]

    def command(self):
        options = ["--format=raw", "--cache=none", "--aio=io_uring", "--discard=unmap", "--persistent"]
        return ["qemu-nbd", *options, f"--socket={self.socket}", self.path]


class NbdkitFile(NbdServer):
    """nbdkit knows no O_DIRECT; cache=none, which drops pages after use, is the nearest it has."""

    name = "nbdkit-file"
    programs = ["nbdkit"]

    def command(self):
        return ["nbdkit", "-f", "-U", self.socket, "file", self.path, "cache=none"]


class NbdkitMemory(NbdServer):
    name = "nbdkit-memory"
    programs = ["nbdkit"]
    in_memory = True

    def command(self):
        return ["nbdkit", "-f", "-U", self.socket, "memory", str(self.size_bytes)]
