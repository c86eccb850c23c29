"""Child processes of the benchmark and what /proc says about them."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 10

DEBIAN_PACKAGES = {
    "fio": "fio",
    "qemu-nbd": "qemu-utils",
    "qemu-storage-daemon": "qemu-system-common",
    "nbdkit": "nbdkit",
}


class BenchmarkError(Exception):
    """Something without which the run cannot go on; the message is for the user."""


def require(programs):
    """Ends the run, naming the Debian packages, where programs are missing."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        packages = " ".join(DEBIAN_PACKAGES[program] for program in missing)
        raise BenchmarkError(f"missing: {', '.join(missing)}; on Debian: apt-get install {packages}")


def output_of(command, timeout_s=START_TIMEOUT_S):
    """What a command prints; the run ends where it fails."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout_s)
    except subprocess.TimeoutExpired as late:
        raise BenchmarkError(f"{' '.join(map(str, command))}: no end within {timeout_s} s") from late
    if done.returncode != 0:
        raise BenchmarkError(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stderr}{done.stdout}")
    return done.stdout


def await_condition(what, condition, timeout_s=START_TIMEOUT_S):
    """Polls until the condition holds."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise BenchmarkError(f"{what}: not so within {timeout_s} s")
        time.sleep(0.002)


class Process:
    """A server process in a session of its own, so that whatever it forks counts with it."""

    def __init__(self, command, log_path, environment=None):
        self.command = [str(word) for word in command]
        self.log_path = Path(log_path)
        with open(self.log_path, "wb") as log:
            self._popen = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, **(environment or {})},
            )

    def check_alive(self):
        """Ends the run with the server's own words where it has ended."""
        code = self._popen.poll()
        if code is not None:
            raise BenchmarkError(f"{' '.join(self.command)}: ended with {code}\n{self.log_path.read_text()}")

    def cpu_seconds(self):
        """User and system time so far of every process of the session."""
        return sum(_cpu_ticks(stat) for stat in self._session()) / TICKS_PER_SECOND

    def peak_rss_bytes(self):
        """The sum of the largest resident sizes of the processes of the session."""
        return sum(_status_bytes(int(stat[0]), "VmHWM") for stat in self._session())

    def rss_bytes(self):
        """The sum of the present resident sizes of the processes of the session."""
        return sum(_status_bytes(int(stat[0]), "VmRSS") for stat in self._session())

    def stop(self):
        """Asks the process to end, then makes it end."""
        if self._popen.poll() is None:
            self._popen.send_signal(signal.SIGTERM)
            try:
                self._popen.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._popen.kill()
                self._popen.wait()

    def _session(self):
        """The /proc/PID/stat fields of the session's processes: the PID, then from the state on."""
        self.check_alive()
        session = str(self._popen.pid)
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                text = path.read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue  # ended while we looked
            fields = [text.split(" ", 1)[0], *text.rpartition(")")[2].split()]
            if fields[4] == session:
                yield fields


class Group:
    """Several processes that serve together, counted as one."""

    def __init__(self, *members):
        self.members = members

    def cpu_seconds(self):
        return sum(member.cpu_seconds() for member in self.members)

    def peak_rss_bytes(self):
        return sum(member.peak_rss_bytes() for member in self.members)

    def stop(self):
        for member in self.members:
            member.stop()


def _cpu_ticks(stat):
    return int(stat[12]) + int(stat[13])


def _status_bytes(pid, field):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    return 0
