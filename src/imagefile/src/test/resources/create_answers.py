"""Label maps with their run lengths, pickled boxes and percentiles; see create_files.py."""
from __future__ import annotations

import io
import json
import os
import pickle
import zipfile

import numpy as np
from pycocotools import mask as coco
from synthetic import HERE, RNG


def answers() -> None:
    """A label map with a hole, a part that touches by a corner, and label 300, with its run lengths by pycocotools."""
    labels = np.zeros((19, 26), np.uint16)
    labels[2:12, 3:15] = 1
    labels[5:8, 6:10] = 0
    labels[6, 7] = 2
    labels[12:15, 15:20] = 1
    labels[16:18, 0:26:3] = 300
    runs = {str(n): coco.encode(np.asfortranarray((labels == n).astype(np.uint8)))["counts"].decode() for n in (1, 2, 300)}
    np.savez_compressed(HERE / "labels.npz", labels=labels)
    (HERE / "labels_rle.json").write_text(json.dumps(runs, indent=1) + "\n")


class Malice:
    def __reduce__(self):
        return os.system, ("true",)


def box_dicts() -> None:
    """Boxes of the challenge of 2025 in every pickle protocol that has been NumPy's, and what must never be loaded."""
    box = dict(z_min=1, z_max=2, z_mid=1, z_mid_x_min=3, z_mid_y_min=2, z_mid_x_max=300, z_mid_y_max=6)
    two = [box, dict(box, z_mid_x_min=-4)]
    cases = {"python": two, "one": box, "int64": [{k: np.int64(v) for k, v in b.items()} for b in two],
             "int16": [{k: np.int16(v) for k, v in b.items()} for b in two], "uint16": [{k: np.uint16(abs(v)) for k, v in b.items()} for b in two],
             "big_endian": [{k: np.array(v, ">i4")[()] for k, v in b.items()} for b in two], "more_keys": [dict(b, note="by hand", slices=[1, 2]) for b in two],
             "bad_float": [dict(box, z_min=1.5)], "bad_missing": [{"z_min": 1}], "bad_malice": [dict(box, z_min=Malice())],
             "bad_text": ["box"], "bad_none": [None, None], "bad_nested": [[box]]}
    folder = HERE / "boxes"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, value in cases.items():
        array = np.empty(() if isinstance(value, dict) else len(value), object)
        array[...] = value
        for protocol in (3, 4, 5):
            header = f"{{'descr': '|O', 'fortran_order': False, 'shape': {array.shape}, }}"
            header += " " * (63 - (10 + len(header)) % 64) + "\n"
            npy = b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header.encode() + pickle.dumps(array, protocol)
            with zipfile.ZipFile(folder / f"{name}_{protocol}.npz", "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(zipfile.ZipInfo("imgs.npy", (1980, 1, 1, 0, 0, 0)), npy_of(np.zeros((4, 8, 310), np.uint8)), zipfile.ZIP_DEFLATED)
                archive.writestr(zipfile.ZipInfo("boxes.npy", (1980, 1, 1, 0, 0, 0)), npy)


def npy_of(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def percentiles() -> None:
    """Percentiles 0.5 and 99.5 of the non-zero values, by NumPy."""
    arrays, bounds = {}, []
    for i, values in enumerate((
            RNG.normal(0, 100, 5000).astype(np.int16), RNG.gamma(2, 300, 4001).astype(np.float64), RNG.integers(0, 5, 999).astype(np.int32),
            RNG.normal(-5, 1e6, 3000), np.array([0.0, 0, 7]), RNG.integers(0, 65536, 777).astype(np.uint16))):
        arrays[f"a{i}"] = values
        nonzero = values[values != 0].astype(float)
        bounds.append(np.percentile(nonzero, (0.5, 99.5)))
    np.savez_compressed(HERE / "percentiles.npz", bounds=np.array(bounds), **arrays)
