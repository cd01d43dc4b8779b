"""Writes the golden volumes and images of the rules `steady`: cases, and the label maps that models/medficientsam_models/pipeline makes of them.

That pipeline was written from models/SCHEMA.md, not from the Java code. Made with onnxruntime 1.32.0, opencv-python-headless 5.0.0,
NumPy 2.4, one thread (AVX2):
    PYTHONPATH=models python src/segmenter/src/test/python/steady_golden.py models/bundles/micro-int8 src/samples \
        src/segmenter/src/test/resources/org/medficientsam/segmenter/steady

Of the committed samples only the label maps are written. `--noise 1e-5` writes nothing and says how many voxels change their label if
the embeddings are disturbed by that share of their standard deviation, about what another processor's kernels do: for the bound of the test.
"""

import argparse
from pathlib import Path

import numpy as np

from medficientsam_models.bundle.manifest import Manifest
from medficientsam_models.pipeline.engines import OnnxEngine
from medficientsam_models.pipeline.rules import rules_of
from medficientsam_models.pipeline.segment import segment


class Scene:
    """A volume (D, H, W) that solids are put into; later ones cover earlier ones."""

    def __init__(self, depth: int, height: int, width: int):
        z, y, x = np.mgrid[:depth, :height, :width].astype(np.float64)
        self._at = z, y, x
        # Soft tissue that is brighter on one side and a little wavy everywhere, so that no threshold finds the solids.
        self.grey = 70 + 20 * x / width + 8 * np.sin(y / 5 + z / 3) * np.cos(x / 7)
        self.boxes: list[list[float]] = []

    def solid(self, centre: tuple, half: tuple, grey: float, *, lean: tuple = (0.0, 0.0), box: tuple | None = None) -> None:
        """An ellipsoid of centre and half axes (z, y, x) whose centre moves by `lean` (y, x) per slice, and the box round it.

        `box` widens that box: x_min, y_min, z_min, x_max, y_max, z_max, in pixels.
        """
        z, y, x = self._at
        dz = z - centre[0]
        distance = (dz / half[0])**2 + ((y - centre[1] - lean[0] * dz) / half[1])**2 + ((x - centre[2] - lean[1] * dz) / half[2])**2
        inside = distance <= 1
        self.grey = np.where(inside, grey + 6 * np.sin(x / 3) + 4 * np.cos(y / 4 + z), self.grey)
        corners = [(axis.min(), axis.max()) for axis in np.nonzero(inside)[::-1]]
        self.boxes.append((np.array([*(c[0] for c in corners), *(c[1] for c in corners)], float)
                           + np.array(box or np.zeros(6))).tolist())

    def image(self) -> np.ndarray:
        return np.clip(np.rint(self.grey), 0, 255).astype(np.uint8)


def one() -> Scene:
    """One object that leans, in an even number of slices: both ways start by themselves."""
    scene = Scene(16, 88, 104)
    scene.solid((7.5, 44, 50), (6.2, 20, 26), 165, lean=(1.5, -2.5))
    return scene


def nested() -> Scene:
    """A wall round a chamber round a clot, the largest box last."""
    scene = Scene(15, 96, 96)
    scene.solid((7, 48, 48), (6.5, 36, 38), 120)
    wall = scene.boxes.pop()
    scene.solid((7, 46, 50), (5, 24, 24), 190, lean=(0.5, 1))
    scene.solid((7.5, 42, 54), (2.5, 9, 11), 40)
    scene.boxes.append(wall)
    return scene


def many() -> Scene:
    """Twelve objects side by side, of three sizes, at different heights, their boxes overlapping."""
    scene = Scene(14, 104, 128)
    rng = np.random.default_rng(12)
    for i in range(12):
        row, column = divmod(i, 4)
        size = 1 + 0.25 * (i % 3)
        centre = (4 + i % 5 + rng.random(), 19 + 32 * row + rng.integers(-3, 4), 18 + 30 * column + rng.integers(-3, 4))
        scene.solid(centre, (2.6 * size, 11 * size, 12 * size), 150 + 8 * (i % 5), lean=(rng.uniform(-1, 1), rng.uniform(-1, 1)))
    return scene


def cut() -> Scene:
    """Two objects that the volume's ends cut, drawn beyond them, and one with fractions, cut by a side."""
    scene = Scene(11, 80, 96)
    scene.solid((0, 26, 30), (5.4, 18, 20), 160, lean=(1, 1.5), box=(0, 0, -3, 0, 0, 0))
    scene.solid((10, 52, 62), (6.4, 20, 24), 175, lean=(-1, 1), box=(0, 0, 0, 0, 0, 4))
    scene.solid((5, 70, 10), (3.3, 16, 14), 200, box=(-0.4, -0.7, -0.3, 0.3, 5.5, 0.6))
    return scene


def coloured() -> np.ndarray:
    """The leaning object and a companion, (D, H, W, 3): what is bright in one channel is dark in another."""
    return np.stack([_coloured().image(), 255 - _coloured().image(), _coloured().image() // 2 + 40], axis=-1)


def _coloured() -> Scene:
    scene = Scene(13, 72, 100)
    scene.solid((6, 34, 34), (5.3, 20, 22), 170, lean=(0.8, 1.6))
    scene.solid((7, 40, 74), (4.2, 15, 14), 30, lean=(-1.2, 0))
    return scene


def picture(height: int, width: int, objects: list[tuple[int, int, int]], channels: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Bent discs (x, y, radius) on a woven ground, (H, W) or (H, W, 3), and the boxes round them."""
    y, x = np.mgrid[:height, :width]
    grey = 90 + (x // 16 + y // 24) % 7 * 3 + x * 40 // width
    boxes = []
    for i, (cx, cy, r) in enumerate(objects):
        inside = (x - cx)**2 + (y - cy)**2 + (x - cx) * (y - cy) * (i % 3 - 1) * 0.6 <= r * r
        grey = np.where(inside, 190 - 12 * (i % 9) + (x + y) % 3, grey)
        boxes.append([x[inside].min(), y[inside].min(), x[inside].max(), y[inside].max()])
    image = grey.astype(np.uint8)
    return image if channels == 1 else np.stack([image, 255 - image, image // 2 + 30], axis=-1), np.array(boxes, float)


def specks() -> tuple[np.ndarray, np.ndarray]:
    """Alone, two and three together, at a corner, one with fractions; one so large that it needs no window."""
    image, boxes = picture(900, 1300, [(200, 150, 9), (640, 400, 14), (690, 425, 12), (1290, 890, 9), (900, 200, 5), (912, 206, 6),
                                       (925, 190, 4), (350, 640, 170), (380, 600, 12)])
    boxes[0] += [-0.4, -0.3, 0.2, 0.6]
    return image, boxes


def crowd() -> tuple[np.ndarray, np.ndarray]:
    """More than have a window each, in colour."""
    rng = np.random.default_rng(3)
    places = [(40 + 110 * column + int(rng.integers(-15, 16)), 45 + 100 * row + int(rng.integers(-15, 16)), int(rng.integers(5, 14)))
              for row in range(6) for column in range(8)]
    return picture(640, 900, places, 3)


class Disturbed(OnnxEngine):
    """A bundle whose embeddings are a little off."""

    share = 0.0

    def encode(self, image: np.ndarray) -> np.ndarray:
        embedding = super().encode(image)
        noise = np.random.default_rng(1).standard_normal(embedding.shape, np.float32)
        return embedding + np.float32(self.share * embedding.std()) * noise


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("samples", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--noise", type=float, default=0.0)
    args = parser.parse_args()
    manifest = Manifest.read(args.bundle)
    engine = Disturbed(args.bundle, manifest.input_size)
    cases = {f.__name__: (f().image(), np.array(f().boxes)) for f in (one, nested, many, cut)}
    cases["rgb"] = coloured(), np.array(_coloured().boxes)
    cases |= {"specks": specks(), "crowd": crowd()}
    for path in sorted(args.samples.glob("*.npz")):
        with np.load(path) as arrays:
            cases[path.stem] = arrays["imgs"], arrays["boxes"]
    for name, (images, boxes) in cases.items():
        segs = segment(engine, images, boxes, rules_of(manifest))
        sizes = {label: int((segs == label).sum()) for label in range(1, len(boxes) + 1)}
        if args.noise:
            engine.share = args.noise
            other = segment(engine, images, boxes, rules_of(manifest))
            engine.share = 0.0
            changed = {label: int(((segs == label) != (other == label)).sum()) for label in sizes}
            print(name, {label: f"{count} of {sizes[label]}" for label, count in changed.items() if count})
        else:
            print(name, images.shape, sizes)
            own = {} if name.startswith(("2D", "3D")) else {"imgs": images, "boxes": boxes} | ({} if boxes.shape[1] == 4 else {"spacing": np.ones(3)})
            np.savez_compressed(args.out / f"{name}.npz", **own, segs=segs)


if __name__ == "__main__":
    main()
