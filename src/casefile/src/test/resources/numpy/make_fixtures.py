"""Writes the npz files beside this script and expected.tsv, what NumPy says they hold. Needs numpy only; ran with numpy 2.4.6.

    python3 make_fixtures.py
"""

import hashlib
import io
import pathlib
import zipfile

import numpy as np

HERE = pathlib.Path(__file__).parent
INTEGERS = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]
FLOATS = ["f2", "f4", "f8"]


def values(kind, shape):
    """A little of everything the dtype can hold, in the given shape."""
    dtype = np.dtype(kind)
    if dtype.kind == "b":
        pool = [True, False, False]
    elif dtype.kind in "iu":
        info = np.iinfo(dtype)
        pool = [info.min, info.max, 0, 1, 2, info.max // 3, info.min // 5, 77, info.max - 1]
    else:
        info = np.finfo(dtype)
        pool = [0.0, -0.0, 1.0, -1.5, np.pi, info.max, info.min, info.tiny, info.smallest_subnormal]
        pool += [np.inf, -np.inf, np.nan]
    size = int(np.prod(shape))
    return np.array([pool[i % len(pool)] for i in range(size)], dtype=dtype).reshape(shape)


def entries(arrays, version):
    for name, array in arrays.items():
        data = io.BytesIO()
        np.lib.format.write_array(data, np.asanyarray(array), version=version, allow_pickle=False)
        yield name + ".npy", data.getvalue()


def versions(path):
    """npy 1.0, 2.0 and 3.0 in one archive."""
    with zipfile.ZipFile(path, "w") as archive:
        for version in [(1, 0), (2, 0), (3, 0)]:
            for name, data in entries({f"v{version[0]}": values("u2", (2, 3))}, version):
                archive.writestr(zipfile.ZipInfo(name), data)
    return np.load(path)


class Pipe(io.RawIOBase):
    """A stream that cannot seek, so that zipfile puts sizes into data descriptors."""

    def __init__(self, path):
        self.file = open(path, "wb")

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)

    def close(self):
        self.file.close()


def piped(path, arrays, method):
    with zipfile.ZipFile(Pipe(path), "w", method) as archive:
        for name, data in entries(arrays, (1, 0)):
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            with archive.open(info, "w", force_zip64=True) as entry:
                entry.write(data)
    return np.load(path)


def zip64_end(path, arrays):
    """Sizes and offsets that would fit 32 bits, all moved to zip64 fields, end record included."""
    limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 0
    try:
        np.savez_compressed(path, **arrays)
    finally:
        zipfile.ZIP64_LIMIT = limit
    return np.load(path)


def main():
    native = {"b1": values("b1", (5,))} | {k: values(k, (3, 4)) for k in INTEGERS + FLOATS}
    big = {k: array.astype(array.dtype.newbyteorder(">")) for k, array in native.items()}
    shapes = [(7,), (1, 1), (3, 5), (2, 3, 4), (4, 3, 2, 5), (2, 1, 3, 2, 2), (70, 130), (3, 66, 65)]
    fortran = {"x".join(map(str, s)): np.asfortranarray(np.arange(np.prod(s), dtype="u2").reshape(s)) for s in shapes}
    fortran |= {k: np.asfortranarray(array) for k, array in big.items()}
    scalars = {k: values(k, (3,))[1] for k in ["b1"] + INTEGERS + FLOATS} | {"array": np.array(3.25)}
    empty = {"0": values("u1", (0,)), "0x4": values("f8", (0, 4)), "3x0x2": np.asfortranarray(values("i4", (3, 0, 2)))}
    names = {"snake_case": values("u1", (2,)), "größe": values("u1", (3,)), "a/b": values("u1", (4,)), "axes32": values("u1", (1,) * 32)}

    files = {}
    stored = {"native": native, "big-endian": big, "fortran": fortran, "scalars": scalars, "empty": empty, "names": names}
    for name, arrays in (stored | {"nothing": {}}).items():
        np.savez(HERE / f"{name}.npz", **arrays)
        files[name] = np.load(HERE / f"{name}.npz")
    np.savez_compressed(HERE / "compressed.npz", **native)
    files["compressed"] = np.load(HERE / "compressed.npz")
    files["versions"] = versions(HERE / "versions.npz")
    few = {"a": values("u2", (3, 4)), "b": np.zeros((100, 100), np.uint8)}
    files["piped-stored"] = piped(HERE / "piped-stored.npz", few, zipfile.ZIP_STORED)
    files["piped-deflated"] = piped(HERE / "piped-deflated.npz", few, zipfile.ZIP_DEFLATED)
    files["zip64-end"] = zip64_end(HERE / "zip64-end.npz", few)

    with open(HERE / "expected.tsv", "w", encoding="utf-8") as out:
        print("# file, array, dtype, shape, its bytes in C order and little-endian (or their SHA-256), its values (if few)", file=out)
        for file, npz in files.items():
            for name in npz.files:
                array = npz[name]
                data = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()
                few_values = array.size <= 64
                shown = data.hex() if few_values else "sha256:" + hashlib.sha256(data).hexdigest()
                wide = array.astype(np.float64 if array.dtype.kind == "f" else object)
                numbers = " ".join(map(repr, wide.ravel().tolist())) if few_values else ""
                shape = ",".join(map(str, array.shape))
                print(file, name, array.dtype.name, shape, shown, numbers, sep="\t", file=out)


if __name__ == "__main__":
    main()
