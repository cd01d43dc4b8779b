"""Golden files of nnInteractive's and Label Studio's own code: nninteractive-client 2.6.0 (blosc2 4.14.1) and label-studio-sdk 2.1.2.

    python create_goldens.py BRUSH

BRUSH is label_studio_sdk/converter/brush.py. The numbers follow from their index, so that the tests can make them again.
"""

import importlib.util
import pathlib
import sys

import numpy as np
from nnInteractive.inference.remote.serialization import pack_array

HERE = pathlib.Path(__file__).parent
index = np.arange(1 * 40 * 50 * 60)


def noise(i):
    """Bytes that nothing compresses, by a hash of their index."""
    v = i * np.uint32(0x9E3779B1)
    v ^= v >> 15
    v *= np.uint32(0x85EBCA77)
    v ^= v >> 13
    return (v >> 24).astype(np.uint8)


arrays = {
    "ramp_int16": (index % 977 - 400).astype(np.int16).reshape(1, 40, 50, 60),
    "waves_float32": (np.float32(100) * (index % 60).astype(np.float32)).reshape(1, 40, 50, 60),
    "zeros_float32": np.zeros((1, 4, 5, 6), np.float32),
    "sevens_int16": np.full((1, 40, 50, 60), 7, np.int16),
    "noise_uint8": noise(index[:5000].astype(np.uint32)).reshape(1, 10, 20, 25),
    "odd_int32": (index[: 11 * 13 * 17] * 70001).astype(np.int32).reshape(11, 13, 17),
}
for name, array in arrays.items():
    (HERE / "packed" / f"{name}.nnia").write_bytes(pack_array(array, nthreads=1))

spec = importlib.util.spec_from_file_location("brush", sys.argv[1])
brush = importlib.util.module_from_spec(spec)
spec.loader.exec_module(brush)
masks = {
    "ellipse": ((np.mgrid[0:80, 0:96][1] - 50) / 22) ** 2 + ((np.mgrid[0:80, 0:96][0] - 38) / 15) ** 2 <= 1,
    "empty": np.zeros((300, 400), bool),
    "checks": np.indices((9, 7)).sum(0) % 2 == 1,
}
for name, mask in masks.items():
    (HERE / "labelstudio" / f"{name}.rle").write_bytes(bytes(brush.mask2rle((mask * 255).astype(np.uint8))))
