"""jdrbd as a target, and how long its commands and its start take."""

import json
import os
import shutil
import socket
import time
from pathlib import Path

import process
import targets

LAUNCHER = Path(__file__).resolve().parents[2] / "jdrbd"


class Daemon:
    """A daemon in a run directory of its own."""

    def __init__(self, run_dir, log_path, environment=None):
        self.run_dir = Path(run_dir)
        self.server = process.Process([LAUNCHER, "daemon", f"--run-dir={self.run_dir}"], log_path, environment)
        process.await_condition("the daemon answers commands", self._answers)

    def command(self, *words):
        """Runs one command; ends the run where it fails."""
        return process.output_of([LAUNCHER, f"--run-dir={self.run_dir}", *map(str, words)])

    def nbd_socket(self):
        return self.run_dir / "nbd.sock"

    def _answers(self):
        self.server.check_alive()
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(str(self.run_dir / "control.sock")) == 0


class Control:
    """The daemon's control socket, without the start of a command around each request."""

    def __init__(self, run_dir):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(120)
        self.socket.connect(str(Path(run_dir) / "control.sock"))
        self.lines = self.socket.makefile("r")

    def call(self, command, **arguments):
        names = {name.replace("_", "-"): value for name, value in arguments.items()}
        request = {"version": 1, "id": 1, "command": command, "arguments": names}
        self.socket.sendall((json.dumps(request) + "\n").encode())
        reply = json.loads(self.lines.readline())
        if reply["reply"] != "done":
            raise process.BenchmarkError(f"{command} {names}: {reply}")
        return reply["data"]

    def volume(self, resource):
        found = [each for each in self.call("status")["resources"] if each["name"] == resource]
        return found[0]["volumes"][0]


class Jdrbd(targets.Target):
    """A volume of a daemon that has no other."""

    engine = ""
    programs = []

    def start(self):
        if not self.in_memory:
            targets.fill(self.path, self.size_bytes)
        run_dir = self.run_dir / self.name
        os.mkdir(run_dir)
        daemon = Daemon(run_dir, self.run_dir / f"{self.name}.log")
        self.server = daemon.server
        self.nbd_socket = daemon.nbd_socket()
        daemon.command("new-resource", "bench", 0)
        daemon.command("new-minor", "bench", 0, 0, "--device=none")
        daemon.command("attach", 0, self.path, "--no-metadata", f"--engine={self.engine_option()}")
        daemon.command("primary", "bench")

    def engine_option(self):
        return self.engine

    def fio_options(self):
        return ["--ioengine=nbd", f"--uri=nbd+unix:///bench/0?socket={self.nbd_socket}"]

    def describe(self):
        return f"jdrbd attach --no-metadata --engine={self.engine_option()}"


class JdrbdAuto(Jdrbd):
    name = "jdrbd"
    engine = "auto"


class JdrbdDirect(Jdrbd):
    name = "jdrbd-direct"
    engine = "direct"


class JdrbdMemory(Jdrbd):
    name = "jdrbd-memory"
    in_memory = True

    def engine_option(self):
        return f"memory:{self.size_bytes}"


def check_built():
    """The first start of the launcher may build jdrbd, which must not count."""
    if not LAUNCHER.exists():
        raise process.BenchmarkError(f"{LAUNCHER} is not there")
    process.output_of([LAUNCHER, "--version"], timeout_s=1800)


def measure_ready(work_dir, repeats):
    """Seconds from the start of the launcher until the daemon takes commands, for each repeat."""
    seconds = []
    for repeat in range(repeats):
        run_dir = Path(work_dir) / f"ready-{repeat}"
        os.mkdir(run_dir)
        began = time.monotonic()
        daemon = Daemon(run_dir, Path(work_dir) / f"ready-{repeat}.log")
        seconds.append(time.monotonic() - began)
        daemon.server.stop()
        shutil.rmtree(run_dir)
    return seconds


def measure_command(target, repeats):
    """Seconds that `jdrbd status` takes, asking the daemon of a running target, for each repeat."""
    seconds = []
    for _ in range(repeats):
        began = time.monotonic()
        process.output_of([LAUNCHER, f"--run-dir={target.run_dir / target.name}", "status"])
        seconds.append(time.monotonic() - began)
    return seconds
