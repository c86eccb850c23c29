"""Turns samples into Markdown."""

import os
import platform
import shlex
import sys
from pathlib import Path
from statistics import median

from fio import MIB, PERCENTILES, WORKLOADS
from process import output_of


class Samples:
    """Every result of the run, by workload and target, in the order of the rounds."""

    def __init__(self):
        self._results = {}

    def add(self, workload, target, result):
        self._results.setdefault((workload.name, target.name), []).append(result)

    def of(self, workload, target_name):
        return self._results.get((workload.name, target_name), [])

    def workloads(self):
        return [each for each in WORKLOADS if any(key[0] == each.name for key in self._results)]

    def as_json(self):
        return [
            {"workload": workload, "target": target, "rounds": [vars(result) for result in results]}
            for (workload, target), results in self._results.items()
        ]


def ratios(results, reference):
    """Round by round, because neighbours in time see the same disk."""
    return [ours.rate / theirs.rate for ours, theirs in zip(results, reference)]


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|---" + "|---:" * (len(header) - 1) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def machine():
    """What the figures depend on."""
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    memory_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    size = f"{os.cpu_count()} x {cpu}, {memory_bytes // 2**30} GiB"
    return f"{size}, Linux {platform.release()}; load when it began: {load}"


def versions(programs):
    return ", ".join(output_of([program, "--version"]).splitlines()[0] for program in programs)


def introduction(machine_line, programs, options, targets):
    files = f"files of {options.size} MiB in {options.dir}"
    memory = f", memory disks of {options.memory_size} MiB" if options.memory_size else ""
    lines = [
        f"- machine: {machine_line}",
        f"- versions: {versions(programs)}",
        f"- command: `{shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])}`",
        f"- {options.rounds} rounds in turns, {options.seconds} s each, after a warm-up of {options.warmup} s per workload"
        f" and target; {files}{memory}",
        "- each figure is the median of the rounds, (lowest to highest)",
    ]
    lines += [f"- {target.name}: `{target.describe()}`" for target in targets]
    return "\n".join(lines) + "\n"


def tables(samples, targets, reference_name):
    """The tables of targets that compare with one another."""
    names = [target.name for target in targets]
    others = [name for name in names if name != reference_name]
    parts = []
    if reference_name in names and others:
        parts.append(f"Rate, in proportion to {reference_name}:\n\n" + _ratio_table(samples, others, reference_name))
    parts.append("Rate:\n\n" + _rate_table(samples, names))
    parts.append("Latency in µs, p50 / p99 / p99.9:\n\n" + _latency_table(samples, names))
    parts.append("CPU time per request in µs (of the server; raw: of fio):\n\n" + _cpu_table(samples, names))
    return "\n".join(parts)


def _ratio_table(samples, names, reference_name):
    rows = []
    for workload in samples.workloads():
        reference = samples.of(workload, reference_name)
        cells = [_spread(ratios(samples.of(workload, name), reference), "{:.2f}") for name in names]
        rows.append([workload.name, *cells])
    return table(["", *names], rows)


def _rate_table(samples, names):
    rows = []
    for workload in samples.workloads():
        cells = [_spread([each.rate for each in samples.of(workload, name)], "{:.0f}") for name in names]
        rows.append([f"{workload.name}, {workload.unit}", *cells])
    return table(["", *names], rows)


def _latency_table(samples, names):
    def cell(results):
        return " / ".join(f"{median(each.latency_us[name] for each in results):.0f}" for name in PERCENTILES)

    rows = [[each.name, *(cell(samples.of(each, name)) for name in names)] for each in samples.workloads()]
    return table(["", *names], rows)


def _cpu_table(samples, names):
    def cell(results):
        return f"{median(each.cpu_us_per_request for each in results):.1f}"

    rows = [[each.name, *(cell(samples.of(each, name)) for name in names)] for each in samples.workloads()]
    return table(["", *names], rows)


def _spread(values, pattern):
    low, middle, high = (pattern.format(value) for value in (min(values), median(values), max(values)))
    return middle if low == high else f"{middle} ({low} to {high})"


def peak_rss(targets):
    """Peak resident memory of every server, a memory disk included."""
    servers = [target for target in targets if target.server]
    cells = [f"{target.peak_rss_bytes() / MIB:.0f}" for target in servers]
    return "Peak resident memory in MiB (memory disks included):\n\n" + table(
        ["", *(target.name for target in servers)], [["peak RSS", *cells]]
    )


def start_times(starts):
    """Seconds that starting takes; starts is from what is started to the figures."""
    rows = [[what, _spread(seconds, "{:.3f}")] for what, seconds in starts.items()]
    return "Seconds:\n\n" + table(["", "median (lowest to highest)"], rows)
