#!/usr/bin/env python3
"""A folder of many small cases by the installed program: rate, memory, and what kill -9 does to it.

    infra/many_cases.py PROGRAM BUNDLES [--cases 10000] [--model nano-int8] [--kills 5]

PROGRAM is bin/medficientsam of an unpacked distribution, BUNDLES a folder with the model. Three runs over cases that it makes itself:
one thread, all processors, and all processors killed at random moments until the rest is done. It prints a table, and ends with 1 if a case was lost,
done twice or differs, or if memory grew.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

HEIGHT, WIDTH = 96, 128


def npy(shape: tuple[int, ...], dtype: str, data: bytes) -> bytes:
    head = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}"
    head += " " * (63 - (10 + len(head)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + data


def write_case(path: Path, number: int) -> None:
    """A bright disc on noise, and its box; no two alike."""
    chance = random.Random(number)
    y, x, radius = chance.randrange(30, 66), chance.randrange(30, 98), chance.randrange(12, 26)
    noise = chance.randbytes(HEIGHT * WIDTH)
    image = bytearray(HEIGHT * WIDTH)
    for row in range(HEIGHT):
        for column in range(WIDTH):
            inside = (row - y) ** 2 + (column - x) ** 2 <= radius**2
            image[row * WIDTH + column] = (150 if inside else 60) + noise[row * WIDTH + column] % 40
    box = struct.pack("<4d", x - radius, y - radius, x + radius, y + radius)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("imgs.npy", npy((HEIGHT, WIDTH), "|u1", bytes(image)))
        archive.writestr("boxes.npy", npy((1, 4), "<f8", box))


def rss(pid: int) -> int:
    """MiB now; 0 where there is no such process any more."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) >> 10
    except OSError:
        pass
    return 0


class Run:
    """One run over a folder, and what it used."""

    def __init__(self, command: list[str], kill_after: float | None = None, out: Path | None = None):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        self.memory: list[int] = []
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        while process.poll() is None:
            if kill_after is not None and time.monotonic() - start > kill_after:
                process.send_signal(signal.SIGKILL)
                break
            self.memory.append(rss(process.pid))
            time.sleep(0.2)
        self.output = process.communicate()[0]
        self.status = process.returncode
        self.seconds = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def middle_and_end(self) -> tuple[int, int]:
        """Most memory of the second and of the last quarter."""
        quarter = max(1, len(self.memory) // 4)
        return max(self.memory[quarter : 2 * quarter] or [0]), max(self.memory[-quarter:])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("bundles", type=Path)
    parser.add_argument("--cases", type=int, default=10000)
    parser.add_argument("--model", default="nano-int8")
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    chance = random.Random(asked.seed)
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        cases, few = work / "cases", work / "few"
        cases.mkdir()
        few.mkdir()
        names = [f"{number:05}.npz" for number in range(asked.cases)]
        for number, name in enumerate(names):
            write_case(cases / name, number)
        sample = names[:: max(1, asked.cases // max(50, asked.cases // 5))]
        for name in sample:
            os.link(cases / name, few / name)

        def command(source: Path, out: Path, jobs: int) -> list[str]:
            return [
                *(str(part) for part in (asked.program, "segment", source, "-o", out, "--model", asked.model)),
                *("--models", str(asked.bundles), "--resume", "-q", "--threads", str(jobs), "--jobs", str(jobs)),
            ]

        one = Run(command(few, work / "one", 1))
        all_cores = Run(command(cases, work / "all", cores))

        killed = work / "killed"
        kept: dict[str, int] = {}
        total, kills = 0.0, 0
        # Somewhere in what is left, never twice at the same place.
        while kills < asked.kills:
            part = Run(command(cases, killed, cores), chance.uniform(1.5, 1.5 + all_cores.seconds / (asked.kills + 1)))
            total += part.seconds
            if part.status != -signal.SIGKILL:
                break
            kills += 1
            for file in killed.glob("*.npz"):
                kept.setdefault(file.name, file.stat().st_mtime_ns)
        last = Run(command(cases, killed, cores))
        total += last.seconds

        for run, what in ((one, "one thread"), (all_cores, "all processors"), (last, "after the kills")):
            if run.status != 0:
                faults.append(f"{what}: ended with {run.status}: {run.output[-300:]}")
        for folder in (work / "all", killed):
            if sorted(file.name for file in folder.glob("*.npz")) != names:
                faults.append(f"{folder.name}: cases are missing or too many")
        for name in names:
            if (killed / name).read_bytes() != (work / "all" / name).read_bytes():
                faults.append(f"{name} differs after the kills")
        for name in sample:
            if (work / "one" / name).read_bytes() != (work / "all" / name).read_bytes():
                faults.append(f"{name} differs with one thread")
        again = [name for name, written in kept.items() if (killed / name).stat().st_mtime_ns != written]
        if again:
            faults.append(f"{len(again)} cases were done twice, {again[0]} for one")
        with (killed / "cases.csv").open() as log:
            rows = [row["case"] for row in csv.DictReader(log)]
        if len(rows) != len(set(rows)):
            faults.append("a case has two rows in the log")
        if sorted(set(rows)) != names:
            faults.append("a case has no row in the log")
        if leftovers := [file.name for file in killed.iterdir() if not file.name.endswith((".npz", ".csv"))]:
            faults.append(f"left behind: {leftovers[0]}")
        middle, end = all_cores.middle_and_end()
        if end > 1.1 * middle:
            faults.append(f"memory grew from {middle} to {end} MiB")

        print(f"{asked.cases} cases of {HEIGHT} x {WIDTH}, {asked.model}, {cores} processors, load {os.getloadavg()[0]:.1f}\n")
        print("| run | cases | s | cases/s | CPU s per case | peak RSS, MiB |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for label, count, run in (("one thread", len(sample), one), (f"--jobs {cores}", len(names), all_cores)):
            print(
                f"| {label} | {count} | {run.seconds:.1f} | {count / run.seconds:.1f} | {run.cpu / count:.4f} | {max(run.memory)} |"
            )
        print(f"| --jobs {cores}, killed {kills} times | {len(names)} | {total:.1f} | {len(names) / total:.1f} | | {max(last.memory)} |")
        wall = (len(names) / all_cores.seconds) / (cores * len(sample) / one.seconds)
        work_done = (one.cpu / len(sample)) / (all_cores.cpu / len(names))
        print(f"\nthroughput of {cores} processors times one thread's: {wall:.2f} by the clock, {work_done:.2f} by processor time")
        print(f"memory: {middle} MiB in the second quarter, {end} MiB in the last")
        print(f"kept through the kills: {len(kept)}")
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
