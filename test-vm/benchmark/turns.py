"""Measures targets in turns."""

import sys

import fio
import report


def chosen(candidates, only):
    """Those whose name contains a word of --only; all of them where no word fits any."""
    fitting = [each for each in candidates if any(word in each.name for word in only)]
    return fitting or list(candidates)


def measure(running, workloads, options):
    """All workloads; within each, the targets take turns, and each round another one begins."""
    samples = report.Samples()
    for target in running:
        progress(f"warm-up of {target.name}")
        for workload in workloads:
            run_fio(workload, target, options.warmup)
    for workload in workloads:
        for turn in range(options.rounds):
            first = turn % len(running)
            for target in running[first:] + running[:first]:
                result = run_fio(workload, target, options.seconds)
                samples.add(workload, target, result)
                progress(f"{workload.name}: {target.name}: {result.rate:.0f} {workload.unit}")
    return samples


def run_fio(workload, target, seconds):
    return fio.run(workload, target.fio_options(), target.size_bytes, seconds, target.server)


def progress(line):
    print(line, file=sys.stderr, flush=True)
