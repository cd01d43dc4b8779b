"""Makes the small files that the tests read, and expected.npz: what nibabel, pydicom, SimpleITK and Pillow read of each.

    pip install -r ../python/requirements.txt && python create_files.py

Made with nibabel 5.4.2, pydicom 3.0.2, Pillow 13.0.0, SimpleITK 2.5.7, tifffile 2026.3.3, pycocotools 2.0.11, NumPy 2 on 27 November 2026. Pixels
are synthetic. expected.npz holds for each file F the array F (k, j, i, channels) and, where it has a place, F.affine (3, 4).
"""
from __future__ import annotations

import gzip
import io
import itertools
import json
import pickle
import zipfile
from pathlib import Path

import nibabel as nib
import numpy as np
import pydicom
import SimpleITK as sitk
import tifffile
from PIL import Image, ImageOps
from pycocotools import mask as coco
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.pixels import pixel_array
from pydicom.uid import (CTImageStorage, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian,
                         JPEG2000Lossless, RLELossless)

HERE = Path(__file__).resolve().parent
FILES = HERE / "files"
RNG = np.random.default_rng(16)
expected: dict[str, np.ndarray] = {}


def blob(shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
    """An off-centre ellipsoid on noise: no two axes or ends alike."""
    grids = np.meshgrid(*[np.linspace(-1, 1, n) for n in shape], indexing="ij")
    centre = (0.3, -0.2, 0.4)[: len(shape)]
    radius = (0.5, 0.4, 0.7)[: len(shape)]
    inside = sum(((g - c) / r) ** 2 for g, c, r in zip(grids, centre, radius)) < 1
    return np.where(inside, high, low) + RNG.normal(0, (high - low) / 50, shape)


# NIfTI -----------------------------------------------------------------------------------------------------------------------------------

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


# DICOM -----------------------------------------------------------------------------------------------------------------------------------


def dataset(pixels: np.ndarray, syntax=ExplicitVRLittleEndian, **elements) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = f"1.2.826.0.1.3680043.8.498.16.{len(expected) + 1}.{elements.get('InstanceNumber', 1)}"
    meta.TransferSyntaxUID = syntax
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128, is_implicit_VR=syntax == ImplicitVRLittleEndian,
                     is_little_endian=syntax != ExplicitVRBigEndian)
    ds.SOPClassUID, ds.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
    ds.SeriesInstanceUID, ds.StudyInstanceUID, ds.Modality = "1.2.826.0.1.3680043.8.498.16.1", "1.2.826.0.1.3680043.8.498.16", "CT"
    ds.Rows, ds.Columns = pixels.shape[-2:] if pixels.shape[-1] != 3 else pixels.shape[-3:-1]
    ds.SamplesPerPixel = 3 if pixels.shape[-1] == 3 else 1
    if ds.SamplesPerPixel == 3:
        ds.PlanarConfiguration = 0
    ds.PhotometricInterpretation = "RGB" if ds.SamplesPerPixel == 3 else "MONOCHROME2"
    ds.BitsAllocated = ds.BitsStored = 8 * pixels.dtype.itemsize
    ds.PixelRepresentation = int(pixels.dtype.kind == "i")
    for name, value in elements.items():
        setattr(ds, name, value)
    ds.HighBit = ds.BitsStored - 1
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    data = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    if syntax == ExplicitVRBigEndian and pixels.dtype.itemsize == 1:
        data = np.frombuffer(data, "<u2").astype(">u2").tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OW" if pixels.dtype.itemsize > 1 or syntax == ExplicitVRBigEndian else "OB"
    return ds


def save_dicom(name: str, ds: FileDataset) -> None:
    ds.save_as(FILES / name, enforce_file_format=True)
    read = pydicom.dcmread(FILES / name)
    values = pixel_array(read)
    if read.PhotometricInterpretation == "PALETTE COLOR":
        values = pydicom.pixels.apply_color_lut(values, read) >> 8
    elif read.SamplesPerPixel == 1:
        values = pydicom.pixels.apply_rescale(values, read)
    if read.SamplesPerPixel == 1 and read.PhotometricInterpretation != "PALETTE COLOR":
        values = values[..., None]
    expected[name] = (values if values.ndim == 4 else values[None]).astype(float)


def dicoms() -> None:
    ct = blob((20, 25), -1000, 60).round().astype(np.int16)
    stored = (ct + 1024).astype(np.uint16)
    hu = dict(RescaleSlope="1", RescaleIntercept="-1024", WindowCenter="40", WindowWidth="400")
    for label, syntax in (("explicit", ExplicitVRLittleEndian), ("implicit", ImplicitVRLittleEndian), ("big_endian", ExplicitVRBigEndian),
                          ("deflated", DeflatedExplicitVRLittleEndian)):
        save_dicom(f"ct_{label}.dcm", dataset(stored, syntax, **hu))
    save_dicom("bits_12.dcm", dataset(stored & 0xFFF, BitsStored=12, **hu))
    save_dicom("signed.dcm", dataset(ct, RescaleSlope="0.5", RescaleIntercept="3"))
    xray = blob((20, 26), 40, 200).astype(np.uint8)
    save_dicom("monochrome1.dcm", dataset(xray, PhotometricInterpretation="MONOCHROME1"))
    save_dicom("bytes_big_endian.dcm", dataset(xray, ExplicitVRBigEndian))
    rgb = RNG.integers(0, 256, (8, 10, 3)).astype(np.uint8)
    save_dicom("rgb.dcm", dataset(rgb))
    planar = dataset(rgb, PlanarConfiguration=1)
    planar.PixelData = rgb.transpose(2, 0, 1).tobytes()
    save_dicom("rgb_planar.dcm", planar)
    save_dicom("ybr.dcm", dataset(rgb, PhotometricInterpretation="YBR_FULL"))
    frames = np.stack([blob((12, 10), 40, 200 - 20 * z) for z in range(5)]).astype(np.uint16)
    save_dicom("frames.dcm", dataset(frames, NumberOfFrames=5))
    rle = dataset(stored, **hu)
    rle.compress(RLELossless, generate_instance_uid=False)
    save_dicom("ct_rle.dcm", rle)
    rle = dataset(rgb)
    rle.compress(RLELossless, generate_instance_uid=False)
    save_dicom("rgb_rle.dcm", rle)
    palette = dataset(xray, PhotometricInterpretation="PALETTE COLOR")
    for c, name in enumerate(("Red", "Green", "Blue")):
        setattr(palette, name + "PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(palette, name + "PaletteColorLookupTableData", ((np.arange(256) * (c + 1)) % 256 * 257).astype("<u2").tobytes())
    save_dicom("palette.dcm", palette)
    series()
    enhanced()


def series() -> None:
    """Nine slices of a tilted series, in no order of names, as files of a zip."""
    volume = blob((9, 14, 16), -1000, 60).round().astype(np.int16)
    normal_step = np.array([0.0, 1.5, 4.5])
    row, column = np.array([1.0, 0, 0]), np.array([0, 0.94868330, -0.31622777])
    folder = FILES / "series.tmp"
    folder.mkdir(exist_ok=True)
    order = RNG.permutation(9)
    for name, k in enumerate(order):
        position = np.array([-20.0, -15.0, 100.0]) + k * normal_step
        ds = dataset((volume[k] + 1024).astype(np.uint16), InstanceNumber=int(9 - k), RescaleSlope="1", RescaleIntercept="-1024",
                     ImagePositionPatient=[f"{v:.6f}" for v in position], ImageOrientationPatient=[f"{v:.8f}" for v in (*row, *column)],
                     PixelSpacing=["0.9", "0.8"], SliceThickness="4.5")
        ds.save_as(folder / f"{name}.dcm", enforce_file_format=True)
    image = sitk.ReadImage(sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder)))
    expected["series.zip"] = sitk.GetArrayFromImage(image).astype(float)[..., None]
    directions = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    affine = np.column_stack([directions, image.GetOrigin()])
    affine[:2] *= -1
    expected["series.zip.affine"] = affine
    with zipfile.ZipFile(FILES / "series.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(f"study/series/{path.name}", (1980, 1, 1, 0, 0, 0)), path.read_bytes(), zipfile.ZIP_DEFLATED)
            path.unlink()
        archive.writestr(zipfile.ZipInfo("study/README.txt", (1980, 1, 1, 0, 0, 0)), b"not an image")
    folder.rmdir()


def enhanced() -> None:
    """Many frames with functional groups, stored from the last position to the first."""
    frames = np.stack([blob((12, 10), 40, 1000 + 100 * z) for z in range(6)]).astype(np.uint16)
    ds = dataset(frames, NumberOfFrames=6)
    shared, measures, orientation = Dataset(), Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = ["0.7", "0.6"], "3"
    orientation.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
    shared.PixelMeasuresSequence, shared.PlaneOrientationSequence = [measures], [orientation]
    ds.SharedFunctionalGroupsSequence = [shared]
    ds.PerFrameFunctionalGroupsSequence = []
    for z in range(6):
        frame, place, values = Dataset(), Dataset(), Dataset()
        place.ImagePositionPatient = ["-5", "8", str(50 - 3 * z)]
        values.RescaleSlope, values.RescaleIntercept, values.RescaleType = str(1 + z), "-10", "US"
        frame.PlanePositionSequence, frame.PixelValueTransformationSequence = [place], [values]
        ds.PerFrameFunctionalGroupsSequence.append(frame)
    ds.save_as(FILES / "enhanced.dcm", enforce_file_format=True)
    values = pixel_array(pydicom.dcmread(FILES / "enhanced.dcm")).astype(float)
    rescaled = np.stack([values[z] * (1 + z) - 10 for z in range(6)])
    expected["enhanced.dcm"] = rescaled[::-1][..., None]
    expected["enhanced.dcm.affine"] = np.array([[-0.6, 0, 0, 5], [0, -0.7, 0, -8], [0, 0, 3, 35.0]])


# MetaImage and NRRD ----------------------------------------------------------------------------------------------------------------------


def simple_itk() -> None:
    """As SimpleITK writes them: compressed, big-endian, of colours, flat, and along a thick first axis."""
    image = sitk.GetImageFromArray(blob((5, 14, 16), -1000, 60).round().astype(np.int16))
    image.SetSpacing((0.8, 0.9, 4.5))
    image.SetOrigin((-20.5, 3.25, 100))
    image.SetDirection((0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1))
    thick = sitk.PermuteAxes(image, (2, 0, 1))
    colours = sitk.GetImageFromArray(RNG.integers(0, 256, (4, 6, 5, 3)).astype(np.uint8), isVector=True)
    flat = sitk.GetImageFromArray(blob((9, 11), 0, 200).astype(np.float32))
    for name, written in (("itk", image), ("thick", thick), ("colours", colours), ("flat", flat)):
        for ending in ("mha", "nrrd"):
            sitk.WriteImage(written, FILES / f"{name}.{ending}")
            sitk.WriteImage(written, FILES / f"{name}_compressed.{ending}", useCompression=True)
    for path in sorted(FILES.glob("*.mha")) + sorted(FILES.glob("*.nrrd")):
        read = sitk.ReadImage(path)
        values = sitk.GetArrayFromImage(read).astype(float)
        if read.GetDimension() == 2:
            values = values[None]
        else:
            affine = np.column_stack([np.array(read.GetDirection()).reshape(3, 3) * np.array(read.GetSpacing()), read.GetOrigin()])
            affine[:2] *= -1
            expected[path.name + ".affine"] = affine
        expected[path.name] = values if values.ndim == 4 else values[..., None]


# Pictures --------------------------------------------------------------------------------------------------------------------------------


def keep(name: str) -> None:
    image = ImageOps.exif_transpose(Image.open(FILES / name))
    if image.mode == "1":
        image = image.convert("L")
    if image.mode in ("P", "PA", "CMYK"):
        image = image.convert("RGB")
    values = np.asarray(image).astype(float)
    if values.ndim == 2:
        values = values[..., None]
    elif "palette" in name and (values == values[..., :1]).all():
        values = values[..., :1]
    elif values.shape[-1] == 2:
        values = values[..., :1]
    expected[name] = values[None, ..., :3]


def pictures() -> None:
    grey = blob((18, 23), 40, 200).astype(np.uint8)
    colour = np.stack([grey, 255 - grey, np.roll(grey, 3, 1)], -1)
    wide = (grey.astype(np.uint16) * 16).astype(np.uint16)
    Image.fromarray(grey).save(FILES / "grey.png")
    Image.fromarray(grey).save(FILES / "gamma.png", pnginfo=chunk(b"gAMA", (45455).to_bytes(4, "big")))
    Image.fromarray(grey > 100).save(FILES / "bits_1.png")
    Image.fromarray(grey // 16 * 17).quantize(16).save(FILES / "bits_4_palette.png", bits=4)
    Image.fromarray(wide).save(FILES / "grey_16.png")
    Image.fromarray(colour).save(FILES / "rgb.png")
    Image.fromarray(np.dstack([colour, grey])).save(FILES / "rgba.png")
    Image.fromarray(np.dstack([grey, 255 - grey]), "LA").save(FILES / "grey_alpha.png")
    Image.fromarray(colour).quantize(32).save(FILES / "palette.png")
    Image.fromarray(colour).save(FILES / "photo.jpg", quality=92, subsampling=0)
    Image.fromarray(colour).save(FILES / "subsampled.jpg", quality=80)
    Image.fromarray(grey).save(FILES / "grey.jpg", quality=92)
    Image.fromarray(colour).convert("CMYK").save(FILES / "cmyk.jpg", quality=95)
    for orientation in range(2, 9):
        exif = Image.Exif()
        exif[274] = orientation
        Image.fromarray(colour).save(FILES / f"turned_{orientation}.jpg", quality=92, subsampling=0, exif=exif)
    exif = Image.Exif()
    exif[274] = 6
    Image.fromarray(colour).save(FILES / "turned_6.png", exif=exif)
    Image.fromarray(colour).save(FILES / "turned_6.webp", lossless=True, exif=exif)
    Image.fromarray(grey).save(FILES / "grey.bmp")
    Image.fromarray(colour).save(FILES / "rgb.bmp")
    Image.fromarray(colour).quantize(16).save(FILES / "palette.bmp")
    Image.fromarray(colour).quantize(32).save(FILES / "palette.gif")
    Image.fromarray(colour).save(FILES / "rgb.webp", lossless=True)
    Image.fromarray(grey).save(FILES / "grey.tif")
    Image.fromarray(colour).save(FILES / "lzw.tif", compression="tiff_lzw")
    Image.fromarray(colour).save(FILES / "deflate.tif", compression="tiff_adobe_deflate")
    Image.fromarray(grey > 100).save(FILES / "group4.tif", compression="group4")
    Image.fromarray(colour).convert("CMYK").save(FILES / "cmyk.tif")
    Image.fromarray(colour).quantize(32).save(FILES / "palette.tif")
    Image.fromarray(wide).save(FILES / "grey_16.tif")
    for name in sorted(p.name for p in FILES.iterdir() if p.suffix in (".png", ".jpg", ".bmp", ".gif", ".webp", ".tif")):
        keep(name)
    stacks(grey, wide)


def chunk(name: bytes, data: bytes):
    from PIL import PngImagePlugin
    info = PngImagePlugin.PngInfo()
    info.add(name, data)
    return info


def stacks(grey: np.ndarray, wide: np.ndarray) -> None:
    """What Pillow does not write: signed, floats, tiles, white as zero, big-endian, pages."""
    cases = {
        "int16.tif": (grey.astype(np.int16) - 100, {}),
        "float32.tif": (grey.astype(np.float32) / 7, {}),
        "tiled_16.tif": (np.tile(wide, (3, 3)), {"tile": (16, 32)}),
        "big_endian_16.tif": (wide, {"byteorder": ">"}),
        "planar.tif": (np.stack([grey, 255 - grey, grey // 2]), {"photometric": "rgb", "planarconfig": "separate"}),
        "pages.tif": (np.stack([grey // (n + 1) for n in range(4)]), {"photometric": "minisblack"}),
    }
    for name, (data, options) in cases.items():
        tifffile.imwrite(FILES / name, data, metadata=None, **{"photometric": "minisblack", **options})
        values = tifffile.imread(FILES / name).astype(float)
        if name == "planar.tif":
            values = values.transpose(1, 2, 0)[None]
        else:
            values = values[..., None] if values.ndim == 3 else values[None, ..., None]
        expected[name] = values


# Answers ---------------------------------------------------------------------------------------------------------------------------------


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
        import os
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


if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    for old in FILES.iterdir():
        old.unlink()
    niftis()
    dicoms()
    simple_itk()
    pictures()
    orientations()
    answers()
    percentiles()
    box_dicts()
    np.savez_compressed(HERE / "expected.npz", **expected)
    print(len([n for n in expected if not n.endswith(".affine")]), "files")
