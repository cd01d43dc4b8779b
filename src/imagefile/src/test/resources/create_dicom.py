"""DICOM files, a series, and what SimpleITK writes; see create_files.py."""
from __future__ import annotations

import zipfile

import numpy as np
import pydicom
import SimpleITK as sitk
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.pixels import pixel_array
from pydicom.uid import (CTImageStorage, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian,
                         RLELossless)
from synthetic import FILES, RNG, blob, expected


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
