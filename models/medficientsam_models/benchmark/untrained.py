"""Untrained bundles of a variant in every form, and the convolutions that show what the machine can do at best."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx

from ..bundle.files import write_atomically
from ..export import export_bundle
from ..export.graph import Graph
from ..export.quantise import quantise
from ..networks.variants import Variant
from ..reference import golden
from ..verification import counts
from ..weights import deterministic

FORMS = {"plain": {"plain": True}, "fp32": {}, "int8": {"int8": True}}
CHANNELS, SIDE, DEPTH = 256, 64, 4  # of the peak: 3 x 3 convolutions 256 -> 256 at 64 x 64, one after the other
PEAK_MACS = DEPTH * 9 * CHANNELS**2 * SIDE**2


def write_bundles(variant: Variant, folder: Path) -> Iterator[str]:
    """VARIANT-plain, VARIANT-fp32 and VARIANT-int8 with deterministic weights, calibrated on the deterministic image.

    Speed and memory do not depend on the weights; accuracy does, so these are never anything but ``untrained``.
    """
    model = golden.deterministic_model(variant)
    count = counts.count(variant.build_on_meta())
    scores = {"products": {"encoder": count.encoder_products, "decoder": count.decoder_products}}
    with tempfile.TemporaryDirectory() as images:
        np.savez(Path(images) / "2D_deterministic.npz", imgs=deterministic.image(variant.input_size))
        for form, options in FORMS.items():
            name = f"{variant.id}-{form}"
            calibration = Path(images) if form == "int8" else None
            export_bundle(model, variant.id, folder / name, calibration=calibration, scores=scores, **options)
            yield name


def write_peaks(folder: Path) -> Iterator[str]:
    """peak-fp32.onnx and peak-int8.onnx, one input ``image`` (1, 256, 64, 64)."""
    rng = np.random.default_rng(0)
    graph = Graph("peak")
    x = graph.input("image", (1, CHANNELS, SIDE, SIDE))
    for _ in range(DEPTH):
        weight = rng.standard_normal((CHANNELS, CHANNELS, 3, 3)) * (2 / (9 * CHANNELS)) ** 0.5
        x = graph.conv(x, weight, np.zeros(CHANNELS))
    graph.output(x, "result", (1, CHANNELS, SIDE, SIDE))
    fp32 = graph.model()
    image = rng.random((1, CHANNELS, SIDE, SIDE), dtype=np.float32)
    yield _write(folder / "peak-fp32.onnx", fp32)
    yield _write(folder / "peak-int8.onnx", quantise(fp32, [image]))


def _write(path: Path, model: onnx.ModelProto) -> str:
    write_atomically(path, model.SerializeToString())
    return path.name
