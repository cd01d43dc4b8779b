"""Variations of an image and its label map: where it lies, how it is cut, how bright it is."""

import cv2
import numpy as np

_LARGEST_TURN = 0.4      # radians
_LARGEST_SHEAR = 0.1
_LARGEST_ZOOM = 0.9      # natural log
_LARGEST_STRETCH = 0.25  # natural log


def flip_and_turn(pixels: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Quarter turns and mirror images, then now and then a small rotation with shear."""
    turns = rng.integers(4)
    if turns and rng.random() < 0.5:
        pixels, labels = np.rot90(pixels, turns), np.rot90(labels, turns)
    if rng.random() < 0.5:
        pixels, labels = pixels[:, ::-1], labels[:, ::-1]
    if rng.random() < 0.5:
        pixels, labels = pixels[::-1], labels[::-1]
    pixels, labels = np.ascontiguousarray(pixels), np.ascontiguousarray(labels)
    if rng.random() < 0.35:
        height, width = labels.shape
        angle, shear = rng.uniform(-_LARGEST_TURN, _LARGEST_TURN), rng.uniform(-_LARGEST_SHEAR, _LARGEST_SHEAR)
        turn = np.array([[np.cos(angle), -np.sin(angle) + shear], [np.sin(angle), np.cos(angle)]])
        centre = np.array([width / 2, height / 2])
        affine = np.concatenate([turn, (centre - turn @ centre)[:, None]], axis=1)
        pixels = cv2.warpAffine(pixels, affine, (width, height), flags=cv2.INTER_LINEAR).reshape(height, width, -1)
        labels = cv2.warpAffine(labels, affine, (width, height), flags=cv2.INTER_NEAREST)
    return pixels, labels


def crop(pixels: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Zooms in, more often than not round an object."""
    window = crop_window(labels, rng)
    return pixels[window], labels[window]


def crop_window(labels: np.ndarray, rng: np.random.Generator) -> tuple[slice, slice]:
    """Rows and columns that `crop` keeps."""
    height, width = labels.shape
    if rng.random() >= 0.6:
        return slice(0, height), slice(0, width)
    side = int(max(height, width) / np.exp(rng.uniform(0, _LARGEST_ZOOM)))
    rows, columns = min(height, side), min(width, side)
    top, left = rng.integers(height - rows + 1), rng.integers(width - columns + 1)
    if rng.random() < 0.6:
        ys, xs = np.nonzero(labels[::3, ::3])
        if len(ys):
            i = rng.integers(len(ys))
            top = int(np.clip(ys[i] * 3 - rng.random() * rows, 0, height - rows))
            left = int(np.clip(xs[i] * 3 - rng.random() * columns, 0, width - columns))
    return slice(top, top + rows), slice(left, left + columns)


def frame(height: int, width: int, size: int, rng: np.random.Generator) -> tuple[int, int]:
    """Height and width inside the padded square: fitted as the pipeline does, now and then smaller or stretched."""
    x = y = size / max(height, width) * (rng.uniform(0.6, 1) if rng.random() < 0.2 else 1)
    if rng.random() < 0.35:
        stretch = np.exp(rng.uniform(-_LARGEST_STRETCH, _LARGEST_STRETCH))
        x, y = x * min(stretch, 1), y * min(1 / stretch, 1)
    return tuple(min(size, max(8, int(side * scale + 0.5))) for side, scale in ((height, y), (width, x)))


def pad(plane: np.ndarray, size: int) -> np.ndarray:
    """uint8 (h, w) -> (size, size), zeros to the right and below."""
    padded = np.zeros((size, size), np.uint8)
    padded[:plane.shape[0], :plane.shape[1]] = plane
    return padded


def recolour(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """float32 (C, h, w) of 0..255 -> uint8 (C, h, w): tint, window, gamma, inversion, noise, blur; then the pipeline's scaling."""
    x = image * np.float32(1 / 255)
    rgb = x.shape[0] == 3
    if rgb:
        if rng.random() < 0.5:
            x = x * rng.uniform(0.75, 1.25, (3, 1, 1)).astype(np.float32)
        if rng.random() < 0.15:
            x = np.repeat(x.mean(0, keepdims=True), 3, axis=0)
        if rng.random() < 0.1:
            x = x[rng.permutation(3)]
    if rng.random() < 0.4:
        low, high = np.quantile(x[:, ::4, ::4], [rng.uniform(0, 0.1), 1 - rng.uniform(0, 0.05)])
        if high - low > 0.05:
            x = np.clip(x, low, high)
    x = (x - x.min()) / max(x.max() - x.min(), 1e-6)
    if rng.random() < 0.5:
        x = x ** np.float32(np.exp(rng.uniform(-0.5, 0.5)))
    if rng.random() < (0.05 if rgb else 0.12):
        x = 1 - x
    if rng.random() < 0.15:
        x = x + rng.standard_normal(x.shape, dtype=np.float32) * np.float32(rng.uniform(0.01, 0.06))
    if rng.random() < 0.1:
        x = np.stack([cv2.GaussianBlur(channel, (0, 0), rng.uniform(0.5, 1.3)) for channel in x])
    x = (x - x.min()) / max(x.max() - x.min(), 1e-8)
    return (x * 255 + 0.5).astype(np.uint8)
