"""Writes the golden cases: synthetic pictures, and what a plain Python pipeline makes of them with the committed bundle.

The pipeline is written the way the published programs are (one box after the other, two resizes per mask), with OpenCV and
ONNX Runtime, and shares nothing with the Java code. `unsure` marks pixels where some logit came within 1e-4 of the
threshold: only those may differ.

Made with onnxruntime 1.32.0, opencv-python-headless 5.0.0 (4.14.0 resizes equally), NumPy 2.4:
    python src/segmenter/src/test/python/mask_golden.py models/bundles/nano src/segmenter/src/test/resources/org/medficientsam/segmenter/golden
"""

import sys
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

UNSURE = 1e-4


class Network:
    def __init__(self, folder: Path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.encoder = onnxruntime.InferenceSession(str(folder / "encoder.onnx"), options)
        self.decoder = onnxruntime.InferenceSession(str(folder / "decoder.onnx"), options)
        self.size = self.encoder.get_inputs()[0].shape[2]

    def scaled_shape(self, image: np.ndarray) -> tuple[int, int]:
        scale = self.size / max(image.shape[:2])
        return int(image.shape[0] * scale + 0.5), int(image.shape[1] * scale + 0.5)

    def encode(self, image: np.ndarray, flag: int) -> np.ndarray:
        height, width = self.scaled_shape(image)
        small = cv2.resize(image, (width, height), interpolation=flag).astype(np.float32)
        if small.ndim == 2:
            small = np.repeat(small[..., None], 3, axis=2)
        small = (small - small.min()) / max(small.max() - small.min(), 1e-8)
        padded = np.pad(small, ((0, self.size - height), (0, self.size - width), (0, 0)))
        return self.encoder.run(None, {"image": padded.transpose(2, 0, 1)[None].astype(np.float32)})[0]

    def decode(self, embedding: np.ndarray, box: np.ndarray, image: np.ndarray) -> np.ndarray:
        """Logits at the image's size."""
        inputs = {"image_embeddings": embedding, "boxes": np.asarray(box, np.float32)[None]}
        low = self.decoder.run(["low_res_masks"], inputs)[0][0, 0]
        full = cv2.resize(low, (self.size, self.size), interpolation=cv2.INTER_LINEAR)
        height, width = self.scaled_shape(image)
        return cv2.resize(full[:height, :width], image.shape[1::-1], interpolation=cv2.INTER_LINEAR)


class Medficientsam:
    flag = cv2.INTER_LINEAR

    def __init__(self, network: Network, original: bool):
        self.network = network
        self.original = original

    def prompt(self, box, image):
        return np.asarray(box, np.float32) / max(image.shape[:2])

    def next_prompt(self, mask, label, image):
        y, x = np.where(mask)
        return self.prompt([x.min(), y.min(), x.max(), y.max()], image)

    def ways(self, z_min, z_max):
        middle = (z_min + z_max) // 2
        end = z_max if self.original else z_max + 1
        return middle, range(middle, max(end, middle + 1)), range(middle - 1, z_min - 1, -1)


class Litemedsam:
    flag = cv2.INTER_AREA

    def __init__(self, network: Network):
        self.network = network

    def to_unit(self, pixels):
        return (np.asarray(pixels, np.float32) + 0.5) / self.network.size

    def prompt(self, box, image):
        ratio = self.network.size / max(image.shape[:2])
        return self.to_unit([int(v * ratio) for v in box])

    def next_prompt(self, mask, label, image):
        size = self.network.size
        height, width = self.network.scaled_shape(image)
        drawn = np.where(mask, np.uint8(label), np.uint8(0))
        small = cv2.resize(drawn, (width, height), interpolation=cv2.INTER_AREA)
        if small.max() == 0:
            return None
        y, x = np.where(small > 0)
        return self.to_unit(
            [max(0, x.min() - 3), max(0, y.min() - 3), min(size, x.max() + 3), min(size, y.max() + 3)]
        )

    def ways(self, z_min, z_max):
        middle = int((z_max - z_min) / 2 + z_min)
        return middle, range(middle, z_max + 1), range(middle - 1, z_min - 1, -1)


def segment_image(rules, image, boxes):
    segs = np.zeros(image.shape[:2], np.uint16)
    unsure = np.zeros(image.shape[:2], bool)
    embedding = rules.network.encode(image, rules.flag)
    for label, box in enumerate(boxes, start=1):
        logits = rules.network.decode(embedding, rules.prompt(box, image), image)
        segs[logits > 0] = label
        unsure |= np.abs(logits) < UNSURE
    return segs, unsure


def segment_volume(rules, volume, boxes):
    segs = np.zeros(volume.shape[:3], np.uint16)
    unsure = np.zeros(volume.shape[:3], bool)
    for label, (x_min, y_min, z_min, x_max, y_max, z_max) in enumerate(boxes, start=1):
        middle, up, down = rules.ways(z_min, z_max)
        drawn = rules.prompt([x_min, y_min, x_max, y_max], volume[0])
        after_middle = drawn
        for way in (up, down):
            box = drawn if way is up else after_middle
            for z in way:
                logits = rules.network.decode(rules.network.encode(volume[z], rules.flag), box, volume[z])
                mask = logits > 0
                segs[z][mask] = label
                unsure[z] |= np.abs(logits) < UNSURE
                following = rules.next_prompt(mask, label, volume[z]) if mask.any() else None
                box = drawn if following is None else following
                if z == middle:
                    after_middle = box
    return segs, unsure


def blobs(height, width, channels, seed, count, phase=0.0):
    """Smooth ellipses on a smooth ground with a little grain, and their boxes."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width].astype(np.float64)
    grain = np.random.default_rng(seed + 1000 + int(100 * phase)).integers(0, 8, (height, width))
    picture = 40 + 30 * np.sin(3 * x / width + phase) + 20 * np.cos(2 * y / height) + grain
    boxes = []
    for _ in range(count):
        cx, cy = rng.uniform(0.25, 0.75, 2) * (width, height)
        rx, ry = rng.uniform(0.08, 0.2, 2) * min(height, width) * np.sqrt(max(0.05, 1 - phase**2))
        inside = ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1
        picture[inside] = rng.uniform(120, 230) + grain[inside]
        boxes.append([max(0, cx - rx), max(0, cy - ry), min(width - 1, cx + rx), min(height - 1, cy + ry)])
    pixels = np.clip(picture, 0, 255)
    if channels == 3:
        pixels = np.stack([pixels, 0.8 * pixels + 10, 255 - pixels], axis=2)
    return pixels.astype(np.uint8), np.round(boxes).astype(np.int32)


def blob_volume(depth, height, width, channels, seed, count):
    slices, per_slice = zip(
        *(blobs(height, width, channels, seed, count, 0.9 * abs(2 * z / (depth - 1) - 1)) for z in range(depth))
    )
    boxes = []
    for i in range(count):
        x_min, y_min, x_max, y_max = per_slice[depth // 2][i]
        boxes.append([x_min, y_min, i, x_max, y_max, depth - 1 - 2 * i])
    return np.stack(slices), np.array(boxes, np.int32)


def main() -> None:
    network = Network(Path(sys.argv[1]))
    target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    images = {
        "rgb_200x300": blobs(200, 300, 3, 1, 3),
        "grey_301x257": blobs(301, 257, 1, 2, 4),
        "rgb_90x64": blobs(90, 64, 3, 3, 2),
        "grey_512x512": blobs(512, 512, 1, 4, 5),
        "grey_480x640": blobs(480, 640, 1, 5, 9),
    }
    volumes = {
        "grey_9x96x80": blob_volume(9, 96, 80, 1, 6, 3),
        "rgb_6x70x110": blob_volume(6, 70, 110, 3, 7, 2),
    }
    all_rules = {
        "medficientsam": Medficientsam(network, original=False),
        "medficientsam-original": Medficientsam(network, original=True),
        "litemedsam": Litemedsam(network),
    }
    for cases, segment in ((images, segment_image), (volumes, segment_volume)):
        for case, (pixels, boxes) in cases.items():
            arrays = {"imgs": pixels, "boxes": boxes}
            for name, rules in all_rules.items():
                arrays[f"segs.{name}"], arrays[f"unsure.{name}"] = segment(rules, pixels, boxes)
            np.savez_compressed(target / f"{case}.npz", **arrays)
            print(case, {name: np.bincount(arrays[f"segs.{name}"].ravel()).tolist() for name in all_rules})


if __name__ == "__main__":
    main()
