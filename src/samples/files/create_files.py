"""Makes the two files beside it that README's first commands segment: a CT of an ellipsoid, and an X-ray of 12 bits in 16. Synthetic.

    pip install numpy nibabel Pillow && python create_files.py
"""
import gzip
from pathlib import Path

import nibabel as nib
import numpy as np
from PIL import Image

HERE = Path(__file__).resolve().parent
RNG = np.random.default_rng(3)


def smooth(shape: tuple[int, ...]) -> np.ndarray:
    """Noise as scanners have it, correlated in the plane."""
    noise = RNG.normal(0, 1, shape)
    return sum(np.roll(noise, (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1)) / 3


def main() -> None:
    i, j, k = np.mgrid[:128, :112, :20]
    body = ((i - 64) / 58) ** 2 + ((j - 56) / 46) ** 2 < 1
    organ = ((i - 45) / 20) ** 2 + ((j - 50) / 16) ** 2 + ((k - 9) / 6.5) ** 2 < 1
    hu = (np.where(organ, 70, np.where(body, -50, -1000)) + 10 * smooth(i.shape)).round().astype(np.int16)
    affine = np.array([[-0.8, 0, 0, 51], [0, -0.8, 0, 45], [0, 0, 4, -30], [0, 0, 0, 1]])
    (HERE / "ct.nii.gz").write_bytes(gzip.compress(nib.Nifti1Image(hu, affine).to_bytes(), mtime=0))
    y, x = np.mgrid[:192, :224]
    lung = ((x - 80) / 36) ** 2 + ((y - 100) / 58) ** 2 < 1
    xray = (np.where(lung, 900, 2400) + 60 * smooth(x.shape)).clip(0, 4095).astype(np.uint16)
    Image.fromarray(xray).save(HERE / "xray.png", optimize=True)


if __name__ == "__main__":
    main()
