#!/usr/bin/env python3
"""Posts every case of a data set to a served function and prints the mean DSC per modality beside PyTorch's figures.

    java -jar src/function/target/medficientsam-function-runner.jar &
    python3 src/function/validate.py ../shared/data/validation ../shared/models/nano/metrics.json

Checks on the way: status 200, `segs` uint16 in the image's shape, labels within 1..N. Ends with 1 if one fails, or if a
2D modality is more than 0.5 points from PyTorch's. Needs numpy. The harness in eval/ is the tool for scores; this one
shares no code with it, nor with the function.
"""

import argparse
import io
import json
import sys
import urllib.request
from pathlib import Path

import numpy as np

TOLERANCE = 0.005


def post(url: str, npz: bytes, accept: str) -> tuple[int, bytes]:
    request = urllib.request.Request(url, npz, {"Content-Type": "application/x-npz", "Accept": accept})
    with urllib.request.urlopen(request) as response:
        return response.status, response.read()


def dice(gts: np.ndarray, segs: np.ndarray) -> float:
    """Mean over the labels of `gts`."""
    scores = []
    for label in range(1, int(gts.max()) + 1):
        truth, found = gts == label, segs == label
        if truth.any():
            scores.append(2 * np.count_nonzero(truth & found) / (truth.sum() + found.sum()))
    return float(np.mean(scores))


def score(url: str, path: Path) -> float:
    npz = path.read_bytes()
    case = np.load(io.BytesIO(npz))
    status, body = post(url, npz, "application/x-npz")
    segs = np.load(io.BytesIO(body))["segs"]
    volume = case["boxes"].shape[1] == 6
    shape = case["imgs"].shape[: 3 if volume else 2]
    assert status == 200, f"status {status}"
    assert segs.dtype == np.uint16, f"segs are {segs.dtype}"
    assert segs.shape == shape, f"segs are {segs.shape}, imgs {shape}"
    assert segs.max() <= len(case["boxes"]), f"label {segs.max()} of {len(case['boxes'])} boxes"
    return dice(case["gts"], segs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with a folder of npz per modality")
    parser.add_argument("metrics", type=Path, help="metrics.json with PyTorch's figures")
    parser.add_argument("--url", default="http://localhost:8080")
    parser.add_argument("--rules", default="medficientsam-original", help="PyTorch's figures follow these")
    parser.add_argument("--overlays", type=Path, help="also write overlay pictures here")
    arguments = parser.parse_args()
    url = f"{arguments.url}/v1/segmentations?rules={arguments.rules}"
    published = json.loads(arguments.metrics.read_text())
    paths = sorted(arguments.data.glob("*/*.npz"))
    scores: dict[tuple[str, str], list[float]] = {}
    failures = 0
    for done, path in enumerate(paths, 1):
        try:
            scores.setdefault((path.name[:2], path.parent.name), []).append(score(url, path))
        except (AssertionError, OSError, KeyError, ValueError) as error:
            failures += 1
            print(f"\n{path.name}: {error}")
        if arguments.overlays:
            arguments.overlays.mkdir(parents=True, exist_ok=True)
            picture = arguments.overlays / path.with_suffix(".png").name
            picture.write_bytes(post(url, path.read_bytes(), "image/png")[1])
        print(f"\r{done}/{len(paths)}", end="", file=sys.stderr)
    print(file=sys.stderr)

    print(f"{'':4} {'modality':12} {'cases':>5} {'served':>8} {'PyTorch':>8} {'points':>7}")
    for (dims, modality), values in sorted(scores.items()):
        expected = published["2D" if dims == "2D" else "3D_propagated"][modality]
        off = float(np.mean(values)) - expected
        failures += dims == "2D" and abs(off) > TOLERANCE
        print(f"{dims:4} {modality:12} {len(values):5} {np.mean(values):8.4f} {expected:8.4f} {100 * off:+7.2f}")
    for dims, key in (("2D", "2D"), ("3D", "3D_propagated")):
        mean = np.mean([np.mean(values) for (found, _), values in scores.items() if found == dims])
        print(f"{dims:4} {'mean':12} {'':5} {mean:8.4f} {published[key]['MEAN']:8.4f}")
    print(f"{len(paths)} cases, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
