"""Attention windows of the transformer encoders: pixels (side * side, C) cut into windows (count, w * w, C) and back."""

from __future__ import annotations

import numpy as np

from .graph import Graph, State


def partition(g: Graph, rows: str, side: int, window: int, channels: int) -> str:
    """Pads with zeros to the right and below where ``window`` does not divide ``side``."""
    image, across = g.reshape(rows, 1, side, side, channels), -(-side // window)
    missing = across * window - side
    if missing:
        image = g.op("Pad", image, g.constant([0, 0, 0, 0, 0, missing, missing, 0], np.int64))
    cut = g.transpose(g.reshape(image, across, window, across, window, channels), 0, 2, 1, 3, 4)
    return g.reshape(cut, across * across, window * window, channels)


def merge(g: Graph, windows: str, side: int, window: int, channels: int) -> str:
    """The inverse of :func:`partition`: (side * side, channels)."""
    across = -(-side // window)
    image = g.transpose(g.reshape(windows, across, across, window, window, channels), 0, 2, 1, 3, 4)
    image = g.reshape(image, across * window, across * window, channels)
    if across * window != side:
        bounds = (g.constant(v, np.int64) for v in ([0, 0], [side, side], [0, 1]))
        image = g.op("Slice", image, *bounds)
    return g.reshape(image, side * side, channels)


def sam_neck(g: Graph, state: State, image: str, side: int, channels: int) -> str:
    """SAM's neck on (1, C, side, side): 1 x 1, norm, 3 x 3, norm, both norms over channels; tokens (1, side * side, 256)."""
    weight = [state[f"image_encoder.neck.{i}.weight"] for i in range(4)]
    bias = {i: state[f"image_encoder.neck.{i}.bias"] for i in (1, 3)}
    rows = g.reshape(g.transpose(image, 0, 2, 3, 1), side * side, channels)
    rows = g.layer_norm(g.linear(rows, weight[0][:, :, 0, 0]), weight[1], bias[1], 1e-6)
    image = g.transpose(g.reshape(rows, 1, side, side, 256), 0, 3, 1, 2)
    image = g.transpose(g.conv(image, weight[2], None), 0, 2, 3, 1)
    return g.layer_norm(g.reshape(image, 1, side * side, 256), weight[3], bias[3], 1e-6)
