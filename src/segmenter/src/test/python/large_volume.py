#!/usr/bin/env python3
"""A large CT as .nii.gz against the same volume as npz: how much longer does it take, and does a heap of 1 GB hold it?

    python3 src/segmenter/src/test/python/large_volume.py [--jar JAR] [--size 512 512 400] [--runs 3]

Makes a volume of int16 (an ellipsoid in noise), deflated alike in both forms, and segments one box over five slices of it by
`segment` with -Xmx1g, in turn. Prints the seconds of each run, by the clock and of the processor, the ratios of their medians, peak
memory, and whether both label maps are the same. Ends with 1 if a run fails, the label maps differ, or NIfTI takes more than 1.15 times as long by
the clock (or, on a busy machine with --processor, of the processor). Needs numpy.
"""

from __future__ import annotations

import argparse
import gzip
import re
import resource
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[5]
HEAP = "-Xmx1g"
MOST_TIMES_LONGER = 1.15
LEVEL = 1  # of deflate, in both forms


def volume(width: int, height: int, depth: int) -> np.ndarray:
    """Hounsfield units (D, H, W): 60 inside, -80 outside, with noise that does not repeat."""
    rng = np.random.default_rng(1)
    y, x = np.ogrid[:height, :width]
    inside = ((x - width / 2) / (width / 6)) ** 2 + ((y - height / 2) / (height / 6)) ** 2 <= 1
    slices = np.empty((depth, height, width), np.int16)
    for z in range(depth):
        slices[z] = np.where(inside, 60, -80) + rng.normal(0, 15, (height, width))
    return slices


def write_nifti(path: Path, slices: np.ndarray) -> None:
    """NIfTI-1: int16, 0.8 x 0.8 x 2 mm, axes as the patient's."""
    depth, height, width = slices.shape
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, width, height, depth, 1, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 4, 16)
    struct.pack_into("<8f", header, 76, 1, 0.8, 0.8, 2, 0, 0, 0, 0)
    struct.pack_into("<3f", header, 108, 352, 1, 0)
    struct.pack_into("<B", header, 123, 2)  # millimetres
    struct.pack_into("<2h", header, 252, 0, 1)
    for row, values in enumerate(((0.8, 0, 0, 0), (0, 0.8, 0, 0), (0, 0, 2, 0))):
        struct.pack_into("<4f", header, 280 + 16 * row, *values)
    header[344:348] = b"n+1\0"
    with gzip.open(path, "wb", compresslevel=LEVEL) as out:
        out.write(bytes(header))
        for each in slices:
            out.write(each.astype("<i2").tobytes())


def write_npz(path: Path, slices: np.ndarray) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as out:
        for name, array in (("imgs", slices), ("spacing", np.array([0.8, 0.8, 2]))):
            with out.open(name + ".npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, array)


def processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def segment(jar: Path, case: Path, segs: Path, box: str) -> tuple[float, float, int]:
    """Seconds from start to exit, seconds of the processor, and MiB at the peak."""
    command = ["java", HEAP, "-jar", jar, "segment", case, "-o", segs, "--box", box, "--window", "ct-soft", "-q"]
    command += ["--models", ROOT / "models/bundles"]
    used, start = processor_seconds(), time.perf_counter()
    done = subprocess.run([str(part) for part in command], check=False, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{case.name}: {done.stdout}{done.stderr}")
    return seconds, processor_seconds() - used, int(re.search(r"peak RSS (\d+) MiB", done.stdout).group(1))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jar", type=Path, default=ROOT / "src/function/target/medficientsam-function-runner.jar")
    parser.add_argument("--size", type=int, nargs=3, default=(512, 512, 400), metavar=("W", "H", "D"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--processor", action="store_true", help="judge by the processor's time")
    arguments = parser.parse_args()
    width, height, depth = arguments.size
    middle = depth // 2
    sides = (width // 3, height // 3, middle - 2, 2 * width // 3, 2 * height // 3, middle + 2)
    box = ",".join(str(number) for number in sides)
    with tempfile.TemporaryDirectory() as folder:
        cases = {"nii.gz": Path(folder, "ct.nii.gz"), "npz": Path(folder, "CT.npz")}
        slices = volume(width, height, depth)
        write_nifti(cases["nii.gz"], slices)
        write_npz(cases["npz"], slices)
        for form, case in cases.items():
            print(f"{form:7} {case.stat().st_size >> 20} MiB")
        seconds: dict[str, list[tuple[float, float]]] = {form: [] for form in cases}
        for _ in range(arguments.runs):
            for form, case in cases.items():
                took, used, rss = segment(arguments.jar, case, Path(folder, f"segs-{form}.npz"), box)
                seconds[form].append((took, used))
                print(f"{form:7} {took:6.2f} s, {used:6.2f} s of the processor, peak RSS {rss} MiB, {HEAP}", flush=True)
        clock, processor = (
            statistics.median(run[which] for run in seconds["nii.gz"]) / statistics.median(run[which] for run in seconds["npz"])
            for which in (0, 1)
        )
        segs = [np.load(Path(folder, f"segs-{form}.npz"))["segs"] for form in cases]
        same = np.array_equal(*segs) and segs[0].any()
    print(f"NIfTI takes {clock:.2f} times as long, {processor:.2f} times the processor's time, ", end="")
    print(f"label maps are {'the same' if same else 'different'}")
    return 0 if same and (processor if arguments.processor else clock) <= MOST_TIMES_LONGER else 1


if __name__ == "__main__":
    sys.exit(main())
