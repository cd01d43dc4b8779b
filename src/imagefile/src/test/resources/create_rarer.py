"""Forms that few writers choose, but some do; see create_files.py."""
from __future__ import annotations

import io
import struct

import numpy as np
import SimpleITK as sitk
from create_dicom import dataset, save_dicom
from create_pictures import keep
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import RLELossless
from synthetic import FILES, RNG, blob, expected


def rarer() -> None:
    grey = blob((18, 23), 40, 200).astype(np.uint8)
    colour = np.stack([grey, 255 - grey, np.roll(grey, 3, 1)], -1)
    words(colour.astype(np.uint16))
    small_frame(colour)
    unmarked(colour)
    for name in ("words_565.bmp", "words_555.bmp", "small_frame.gif", "unmarked.jpg", "jfif_adobe.jpg"):
        keep(name)
    dicoms()
    headers(blob((5, 6, 7), -1000, 60).round().astype(np.int16))


def words(colour: np.ndarray) -> None:
    """BMP of 16 bits a pixel: 5, 6 and 5, and by default 5 each."""
    red, green, blue = (colour[::-1, :, c] for c in range(3))
    for name, pixels, compression, masks in (
        ("words_565.bmp", (red >> 3) << 11 | (green >> 2) << 5 | blue >> 3, 3, struct.pack("<III", 0xF800, 0x7E0, 0x1F)),
        ("words_555.bmp", (red >> 3) << 10 | (green >> 3) << 5 | blue >> 3, 0, b""),
    ):
        data = np.pad(pixels, ((0, 0), (0, pixels.shape[1] % 2))).astype("<u2").tobytes()
        header = struct.pack("<IiiHHIIiiII", 40, pixels.shape[1], pixels.shape[0], 1, 16, compression, len(data), 2835, 2835, 0, 0)
        start = 14 + len(header) + len(masks)
        (FILES / name).write_bytes(b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + header + masks + data)


def small_frame(colour: np.ndarray) -> None:
    """A GIF whose first frame covers a part of its screen, which begins at (5, 3)."""
    file = io.BytesIO()
    Image.fromarray(colour).quantize(16).save(file, "GIF")
    gif = bytearray(file.getvalue())
    gif[6:10] = struct.pack("<HH", 40, 30)
    frame = gif.index(b"\x2c\0\0\0\0" + struct.pack("<HH", colour.shape[1], colour.shape[0]))
    gif[frame + 1:frame + 5] = struct.pack("<HH", 5, 3)
    (FILES / "small_frame.gif").write_bytes(gif)


def unmarked(colour: np.ndarray) -> None:
    """JPEGs that do not say, or say twice, what their three components are: libjpeg takes both for luma and chroma."""
    file = io.BytesIO()
    Image.fromarray(colour).save(file, "JPEG", quality=95, subsampling=0)
    jpeg = file.getvalue()
    jfif, rest = jpeg[2:20], bytearray(jpeg[20:])
    adobe = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0"
    (FILES / "jfif_adobe.jpg").write_bytes(jpeg[:2] + jfif + adobe + rest)
    frame, scan = rest.index(b"\xff\xc0"), rest.index(b"\xff\xda")
    for c in range(3):
        rest[frame + 10 + 3 * c] = c
        rest[scan + 5 + 2 * c] = c
    (FILES / "unmarked.jpg").write_bytes(jpeg[:2] + rest)


def dicoms() -> None:
    """A palette from a negative number on, and run lengths behind an icon that is compressed in an item of unknown length."""
    signed = (blob((20, 26), 40, 200) - 128).astype(np.int16)
    palette = dataset(signed, PhotometricInterpretation="PALETTE COLOR")
    for c, name in enumerate(("Red", "Green", "Blue")):
        setattr(palette, name + "PaletteColorLookupTableDescriptor", [200, -100, 16])
        palette[name + "PaletteColorLookupTableDescriptor"].VR = "SS"
        setattr(palette, name + "PaletteColorLookupTableData", ((np.arange(200) * (c + 1)) % 256 * 257).astype("<u2").tobytes())
    save_dicom("palette_signed.dcm", palette)
    icon = Dataset()
    icon.Rows, icon.Columns, icon.SamplesPerPixel, icon.PhotometricInterpretation = 2, 2, 1, "MONOCHROME2"
    icon.BitsAllocated, icon.BitsStored, icon.HighBit, icon.PixelRepresentation = 8, 8, 7, 0
    icon.PixelData = encapsulate([bytes(8)])
    icon["PixelData"].VR, icon["PixelData"].is_undefined_length = "OB", True
    icon.is_undefined_length_sequence_item = True
    rle = dataset((blob((20, 25), 24, 1084)).round().astype(np.uint16))
    rle.compress(RLELossless, generate_instance_uid=False)
    rle.IconImageSequence = [icon]
    rle["IconImageSequence"].is_undefined_length = True
    save_dicom("icon_rle.dcm", rle)


def headers(volume: np.ndarray) -> None:
    """Names and places that MetaIO and nrrdio know besides those they write."""
    data = volume.astype("<i2").tobytes()
    mha = "ObjectType = Image\nNDims = 3\nDimSize = 7 6 5\nElementType = MET_SHORT\n"
    nrrd = "NRRD0004\ntype: short\ndimension: 3\nsizes: 7 6 5\nendian: little\nencoding: raw\n"
    colours = "NRRD0004\ntype: uchar\ndimension: 3\nsizes: 3 7 20\nkinds: RGB-color domain domain\nspacings: nan 0.5 0.25\nencoding: raw\n\n"
    files = {
        "element_size.mha": mha + "ElementSize = 0.5 0.6 3\nOrigin = 1 2 3\nElementDataFile = LOCAL\n",
        "rotation.mha": mha + "ElementSpacing = 0.5 0.6 3\nRotation = 0 1 0 1 0 0 0 0 1\nElementDataFile = LOCAL\n",
        "axis_mins.nrrd": nrrd + "spacings: 0.5 0.6 3\naxis mins: 1 2 3\n\n",
        "axis_mins_node.nrrd": nrrd + "spacings: 0.5 0.6 3\naxis mins: 1 2 3\ncenterings: node cell node\n\n",
        "colours_spacings.nrrd": colours,
    }
    for name, header in files.items():
        (FILES / name).write_bytes(header.encode() + data)
        read = sitk.ReadImage(FILES / name)
        values = sitk.GetArrayFromImage(read).astype(float)
        if read.GetDimension() == 2:
            expected[name] = values[None]
            continue
        affine = np.column_stack([np.array(read.GetDirection()).reshape(3, 3) * np.array(read.GetSpacing()), read.GetOrigin()])
        affine[:2] *= -1
        expected[name], expected[name + ".affine"] = values[..., None], affine
