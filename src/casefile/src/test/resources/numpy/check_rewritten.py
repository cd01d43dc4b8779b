"""Lets our Java code read and write npz files again and compares both with NumPy: names, dtypes, shapes and every bit.

    mvn -pl src/casefile test-compile && python3 src/casefile/src/test/resources/numpy/check_rewritten.py [FILE.npz ...]

Without files it takes the fixtures beside this script. All were equal with numpy 2.4.6.
"""

import pathlib
import subprocess
import sys
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE.parents[3] / "target"
CLASS_PATH = f"{TARGET / 'classes'}:{TARGET / 'test-classes'}"


def same(a, b):
    little = [np.ascontiguousarray(x).astype(x.dtype.newbyteorder("<")).tobytes() for x in (a, b)]
    return a.dtype.name == b.dtype.name and a.shape == b.shape and little[0] == little[1]


def main():
    files = sys.argv[1:] or sorted(HERE.glob("*.npz"))
    arrays = 0
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            rewritten = pathlib.Path(folder) / "rewritten.npz"
            subprocess.run(["java", "-cp", CLASS_PATH, "org.medficientsam.casefile.npz.Rewrite", str(file), rewritten], check=True)
            before, after = np.load(file), np.load(rewritten)
            assert before.files == after.files, file
            for name in before.files:
                assert same(before[name], after[name]), f"{file}: {name}"
                arrays += 1
    print(f"{arrays} arrays in {len(files)} files are equal")


if __name__ == "__main__":
    main()
