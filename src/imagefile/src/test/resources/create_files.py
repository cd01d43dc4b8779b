"""Makes the small files that the tests read, and expected.npz: what nibabel, pydicom, SimpleITK and Pillow read of each.

    pip install -r ../python/requirements.txt && python create_files.py

Made with nibabel 5.4.2, pydicom 3.0.2, Pillow 13.0.0, SimpleITK 2.5.7, tifffile 2026.3.3, pycocotools 2.0.11, NumPy 2 on 27 November 2026. Pixels
are synthetic. expected.npz holds for each file F the array F (k, j, i, channels) and, where it has a place, F.affine (3, 4).
"""
from __future__ import annotations

import numpy as np
from create_answers import answers, box_dicts, percentiles
from create_dicom import dicoms, simple_itk
from create_nifti import negative_sizes, niftis, orientations
from create_pictures import pictures
from create_rarer import rarer
from synthetic import FILES, HERE, expected

if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    for old in FILES.iterdir():
        old.unlink()
    niftis()
    dicoms()
    simple_itk()
    pictures()
    negative_sizes()
    orientations()
    answers()
    percentiles()
    box_dicts()
    rarer()
    np.savez_compressed(HERE / "expected.npz", **expected)
    print(len([n for n in expected if not n.endswith(".affine")]), "files")
