"""Workloads and how fio runs them."""

import json
import subprocess
from dataclasses import dataclass

from process import BenchmarkError

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True)
class Workload:
    """One row of the tables."""

    name: str
    pattern: str  # fio's rw=
    block_bytes: int
    depth: int

    @property
    def sequential(self):
        return not self.pattern.startswith("rand")

    @property
    def unit(self):
        return "MiB/s" if self.sequential else "IOPS"


WORKLOADS = [
    Workload("4k-randread-qd1", "randread", 4 * KIB, 1),
    Workload("4k-randread-qd32", "randread", 4 * KIB, 32),
    Workload("4k-randwrite-qd1", "randwrite", 4 * KIB, 1),
    Workload("4k-randwrite-qd32", "randwrite", 4 * KIB, 32),
    Workload("1M-read-qd8", "read", MIB, 8),
    Workload("1M-write-qd8", "write", MIB, 8),
]


@dataclass(frozen=True)
class Result:
    """What one run of fio measured, with the server's share."""

    rate: float  # in the workload's unit
    requests: int
    latency_us: dict  # "p50", "p99", "p99.9"
    cpu_us_per_request: float  # of the server; of fio itself where there is no server


PERCENTILES = {"p50": "50.000000", "p99": "99.000000", "p99.9": "99.900000"}


def run(workload, engine_options, size_bytes, seconds, server=None):
    """Runs one workload.

    engine_options says what fio opens; server is the Process whose CPU time counts.
    """
    command = [
        "fio",
        "--name=benchmark",
        "--output-format=json",
        f"--rw={workload.pattern}",
        f"--bs={workload.block_bytes}",
        f"--iodepth={workload.depth}",
        f"--size={size_bytes}",
        "--time_based",
        f"--runtime={seconds}",
        "--randrepeat=0",
        "--norandommap",
        *engine_options,
    ]
    cpu_before = server.cpu_seconds() if server else 0.0
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds + 60)
    except subprocess.TimeoutExpired as late:
        raise BenchmarkError(f"{' '.join(command)}: no end within {seconds + 60} s") from late
    if done.returncode != 0:
        raise BenchmarkError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr}{done.stdout}")
    # A warning may stand before the JSON.
    job = json.loads(done.stdout[done.stdout.index("{") :])["jobs"][0]
    cpu_seconds = server.cpu_seconds() - cpu_before if server else _own_cpu_seconds(job)
    return _result(workload, job, cpu_seconds)


def _own_cpu_seconds(job):
    return (job["usr_cpu"] + job["sys_cpu"]) / 100 * job["job_runtime"] / 1000


def _result(workload, job, cpu_seconds):
    direction = job["read" if "read" in workload.pattern else "write"]
    requests = direction["total_ios"]
    if job["error"] or not requests:
        raise BenchmarkError(f"fio, {workload.name}: error {job['error']}, {requests} requests")
    percentile = direction["clat_ns"]["percentile"]
    return Result(
        rate=direction["bw_bytes"] / MIB if workload.sequential else direction["iops"],
        requests=requests,
        latency_us={name: percentile[key] / 1000 for name, key in PERCENTILES.items()},
        cpu_us_per_request=cpu_seconds * 1e6 / requests,
    )
