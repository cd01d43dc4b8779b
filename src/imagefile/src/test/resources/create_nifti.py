"""NIfTI files, and an object in all 48 orientations; see create_files.py."""
from __future__ import annotations

import gzip
import itertools

import nibabel as nib
import numpy as np
from synthetic import FILES, HERE, RNG, blob, expected


OBLIQUE = np.array([[0.68, -0.12, 0.4, -31.5], [0.15, 0.7, -0.3, 12.25], [-0.09, 0.05, 4.9, -7.0], [0, 0, 0, 1]])


def save_nifti(name: str, image: nib.Nifti1Image) -> None:
    path = FILES / name
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(image.to_bytes(), mtime=0))
    else:
        path.write_bytes(image.to_bytes())
    read = nib.load(path)
    data = np.asanyarray(read.dataobj)
    if data.dtype.names:
        values = np.stack([data[n] for n in data.dtype.names[:3]], -1).astype(float)
    else:
        values = read.get_fdata()
        values = values.reshape(values.shape[:3] + (1,) * (3 - min(values.ndim, 3)))[..., None]
    expected[name] = values.transpose(2, 1, 0, 3)
    expected[name + ".affine"] = read.affine[:3]


def niftis() -> None:
    for dtype in (np.uint8, np.int8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64, np.float32, np.float64):
        low, high = (-1000, 3000) if np.dtype(dtype).kind in "if" and np.dtype(dtype).itemsize > 1 else (10, 100)
        data = blob((9, 7, 5), low, high).astype(dtype)
        save_nifti(f"type_{np.dtype(dtype).name}.nii", nib.Nifti1Image(data, OBLIQUE, dtype=dtype))
    ct = blob((24, 20, 9), -1000, 60).round().astype(np.int16)
    save_nifti("ct.nii.gz", nib.Nifti1Image(ct, OBLIQUE))
    save_nifti("ct_nifti2.nii.gz", nib.Nifti2Image(ct, OBLIQUE))
    header = nib.Nifti1Header(endianness=">")
    header.set_data_dtype(np.int16)
    save_nifti("big_endian.nii", nib.Nifti1Image(ct, OBLIQUE, header))
    header = nib.Nifti2Header(endianness=">")
    header.set_data_dtype(np.float32)
    save_nifti("big_endian_nifti2.nii", nib.Nifti2Image(ct.astype(np.float32) / 3, OBLIQUE, header))
    scaled = nib.Nifti1Image(ct, OBLIQUE)
    scaled.header.set_slope_inter(0.37, -12.5)
    # Through bytes: nibabel forgets slope and intercept of an image in memory.
    raw = bytearray(nib.Nifti1Image(ct, OBLIQUE).to_bytes())
    raw[112:120] = np.array([0.37, -12.5], "<f4").tobytes()
    (FILES / "scaled.nii").write_bytes(raw)
    expected["scaled.nii"] = nib.load(FILES / "scaled.nii").get_fdata().transpose(2, 1, 0)[..., None]
    expected["scaled.nii.affine"] = OBLIQUE[:3].astype(np.float32).astype(float)
    qform = nib.Nifti1Image(ct, None)
    rotation = np.array([[0.8, -0.6, 0, -5], [0.6, 0.8, 0, 6], [0, 0, -1, 7], [0, 0, 0, 1]]) @ np.diag([0.9, 0.9, 3, 1])
    qform.set_qform(rotation, code=1)
    qform.set_sform(None, code=0)
    save_nifti("qform.nii", qform)
    neither = nib.Nifti1Image(ct, None)
    neither.header.set_zooms((0.9, 0.8, 2.5))
    save_nifti("no_form.nii", neither)
    save_nifti("four_axes.nii", nib.Nifti1Image(ct[..., None], OBLIQUE))
    save_nifti("flat.nii", nib.Nifti1Image(ct[:, :, 4], OBLIQUE))
    rgb = np.zeros((6, 5, 4), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    for n in "RGB":
        rgb[n] = RNG.integers(0, 256, rgb.shape)
    save_nifti("rgb.nii", nib.Nifti1Image(rgb, OBLIQUE))
    microns = nib.Nifti1Image(ct, OBLIQUE)
    microns.header.set_xyzt_units("micron")
    save_nifti("microns.nii", microns)
    expected["microns.nii.affine"] *= 0.001


def negative_sizes() -> None:
    """Sizes with a sign, which nibabel drops, without a form and with a qform."""
    for name, form in (("negative_sizes.nii", "no_form.nii"), ("negative_qform.nii", "qform.nii")):
        raw = bytearray((FILES / form).read_bytes())
        raw[80:92] = np.array([-0.9, 0.8, -2.5], "<f4").tobytes()
        (FILES / name).write_bytes(raw)
        read = nib.load(FILES / name)
        expected[name], expected[name + ".affine"] = read.get_fdata().transpose(2, 1, 0)[..., None], read.affine[:3]


def orientations() -> None:
    """An asymmetric object in all 48 orientations, thickest now along one, now along another axis: bytes of .nii by orientation."""
    files = {}
    base = np.zeros((6, 5, 4), np.uint8)
    base[0, :2, :3] = 200  # an L with a foot, different along every axis and at every end
    base[0:4, 0, 0] = 120
    base[1, 1, 3] = 90
    spacing = np.diag([1.0, 1.5, 4.0, 1])
    for order in itertools.permutations(range(3)):
        for flips in itertools.product((1, -1), repeat=3):
            affine = spacing.copy()
            affine[:3, 3] = (-3, 20, 7)
            ornt = np.array([[order[i], flips[i]] for i in range(3)], float)
            image = nib.Nifti1Image(base, affine).as_reoriented(ornt)
            code = "".join(nib.aff2axcodes(image.affine))
            files[code] = np.frombuffer(image.to_bytes(), np.uint8)
    np.savez_compressed(HERE / "orientations.npz", **files)
    assert len(files) == 48
