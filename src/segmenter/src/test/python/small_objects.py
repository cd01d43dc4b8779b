"""Small objects in large pictures: phantoms with exact ground truth, with and without the windows of the rules `steady`.

    PYTHONPATH=models python src/segmenter/src/test/python/small_objects.py models/bundles/micro-int8 --cases 1000

Pictures of 2,000 to 5,000 pixels with one to six objects of 8 to 32 pixels: bent blobs, brighter or darker than a mottled ground by 3 to 10
times its noise, among debris, slightly blurred; grey or in colour. Prints mean DSC by size of the box, encodes and the time of an image.
The pipeline is models/medficientsam_models/pipeline, which makes the label maps that the Java segmenter makes (SteadyGoldenTest).
"""

import argparse
import time
from pathlib import Path

import cv2
import numpy as np

from medficientsam_models.bundle.manifest import Manifest
from medficientsam_models.pipeline import windows
from medficientsam_models.pipeline.engines import OnnxEngine
from medficientsam_models.pipeline.rules import rules_of
from medficientsam_models.pipeline.segment import segment

SIZES = (8, 16, 24, 33)


class Counted(OnnxEngine):
    """A bundle that counts its encodes."""

    encodes = 0

    def encode(self, image: np.ndarray) -> np.ndarray:
        self.encodes += 1
        return super().encode(image)


def mottled(rng: np.random.Generator, height: int, width: int, strength: float) -> np.ndarray:
    """(H, W) float32 of mean 0: patches of many sizes."""
    ground = np.zeros((height, width), np.float32)
    for cell in (12, 50, 200, 800):
        coarse = rng.standard_normal((height // cell + 2, width // cell + 2), np.float32)
        ground += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return strength * ground


def blob(rng: np.random.Generator, size: float) -> np.ndarray:
    """A bent, uneven blob whose longer side is about `size`, as bool (h, w) without empty border."""
    side = int(size * 1.6) + 4
    y, x = np.mgrid[:side, :side].astype(np.float64) - (side - 1) / 2
    angle, aspect, bend = rng.uniform(0, np.pi), rng.uniform(0.55, 1), rng.uniform(-0.25, 0.25)
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    v = v - bend * (u * u / size - size / 8)
    around = np.arctan2(v, u)
    radius = 1 + sum(rng.normal(0, 0.05) * np.cos(k * around + rng.uniform(0, 6.3)) for k in (2, 3, 4, 5))
    inside = (u / (size / 2))**2 + (v / (size / 2 * aspect))**2 <= radius**2
    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    return inside[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]


def picture(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Image uint8 (H, W) or (H, W, 3), boxes (N, 4) and masks' labels (H, W)."""
    rng = np.random.default_rng(seed)
    longer = int(rng.integers(2000, 5001))
    height, width = longer, int(longer * rng.uniform(0.6, 1))
    if rng.random() < 0.5:
        height, width = width, height
    noise = rng.uniform(3, 8)
    grey = rng.uniform(70, 170) + mottled(rng, height, width, noise / 2)
    labels, boxes = np.zeros((height, width), np.uint16), []
    for i in range(40 + int(rng.integers(1, 7))):
        debris = i < 40
        mask = blob(rng, rng.uniform(2, 12) if debris else rng.uniform(8, 32))
        h, w = mask.shape
        if not debris and not 8 <= max(h, w) <= 32:
            continue
        y, x = int(rng.integers(8, height - h - 8)), int(rng.integers(8, width - w - 8))
        if labels[y - 8:y + h + 8, x - 8:x + w + 8].any():
            continue
        contrast = rng.choice([-1, 1]) * noise * rng.uniform(3, 10)
        soft = cv2.GaussianBlur(np.pad(mask.astype(np.float32), 3), (0, 0), 0.7)
        texture = 1 + 0.15 * rng.standard_normal(soft.shape)
        grey[y - 3:y + h + 3, x - 3:x + w + 3] += contrast * (0.6 if debris else 1) * soft * texture
        if not debris:
            boxes.append([x, y, x + w - 1, y + h - 1])
            labels[y:y + h, x:x + w][mask] = len(boxes)
    if not boxes:
        return picture(seed + 1_000_000)
    grey = grey + noise * rng.standard_normal((height, width), np.float32)
    if rng.random() < 0.5:
        return np.clip(np.rint(grey), 0, 255).astype(np.uint8), np.array(boxes, float), labels
    tint = rng.uniform(0.6, 1.2, 3)
    return np.clip(np.rint(grey[..., None] * tint), 0, 255).astype(np.uint8), np.array(boxes, float), labels


def scores(engine: Counted, image: np.ndarray, boxes: np.ndarray, labels: np.ndarray, rules: object) -> tuple[list[float], int, float]:
    """DSC of each object, encodes, seconds."""
    before, start = engine.encodes, time.perf_counter()
    found = segment(engine, image, boxes, rules)
    seconds = time.perf_counter() - start
    both = [2 * ((found == i) & (labels == i)).sum() / ((found == i).sum() + (labels == i).sum()) for i in range(1, len(boxes) + 1)]
    return both, engine.encodes - before, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="seed of the first picture")
    args = parser.parse_args()
    manifest = Manifest.read(args.bundle)
    engine, rules = Counted(args.bundle, manifest.input_size), rules_of(manifest)
    sizes, dsc, encodes, seconds, means = [], {0: [], 16: []}, {0: [], 16: []}, {0: [], 16: []}, {0: [], 16: []}
    for seed in range(args.first, args.first + args.cases):
        image, boxes, labels = picture(seed)
        sizes += list(windows.longer_sides(boxes))
        for most in dsc:
            windows.MOST = most
            found, count, took = scores(engine, image, boxes, labels, rules)
            dsc[most] += found
            means[most].append(np.mean(found))
            encodes[most].append(count)
            seconds[most].append(took)
        if (seed - args.first + 1) % 50 == 0:
            print(f"{seed - args.first + 1} pictures: " + ", ".join(f"{np.mean(means[most]):.4f} with {most} windows" for most in dsc), flush=True)
    for most, values in dsc.items():
        by_size = {f"{low}..{high - 1} px": round(float(np.mean([v for v, s in zip(values, sizes, strict=True) if low <= s < high])), 3)
                   for low, high in zip(SIZES, SIZES[1:], strict=False)}
        print(f"at most {most} windows: {args.cases} pictures, {len(values)} objects, mean DSC of pictures {np.mean(means[most]):.4f}, "
              f"of objects {np.mean(values):.4f}, {by_size}, encodes {np.mean(encodes[most]):.2f}, "
              f"seconds {np.median(seconds[most]):.2f} in the median, {np.median(seconds[most]) * args.cases / len(values):.2f} a box")


if __name__ == "__main__":
    main()
