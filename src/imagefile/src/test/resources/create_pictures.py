"""Pictures by Pillow, and by tifffile what Pillow does not write; see create_files.py."""
from __future__ import annotations

import numpy as np
import tifffile
from PIL import Image, ImageOps, PngImagePlugin
from synthetic import FILES, blob, expected


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
        "predictor_16.tif": (wide, {"compression": "lzw", "predictor": True}),
        "predictor_float.tif": (grey.astype(np.float32) / 7, {"compression": "deflate", "predictor": True}),
        "half.tif": ((grey / 7).astype(np.float16), {}),
        "uint32.tif": (grey.astype(np.uint32) * 16_000_000, {}),
        "big.tif": (wide, {"bigtiff": True}),
        "big_pages_big_endian.tif": (np.stack([wide, wide // 2]), {"bigtiff": True, "byteorder": ">", "compression": "packbits"}),
    }
    for name, (data, options) in cases.items():
        tifffile.imwrite(FILES / name, data, metadata=None, **{"photometric": "minisblack", **options})
        values = tifffile.imread(FILES / name).astype(float)
        if name == "planar.tif":
            values = values.transpose(1, 2, 0)[None]
        else:
            values = values[..., None] if values.ndim == 3 else values[None, ..., None]
        expected[name] = values
    # A page and its thumbnail are one image.
    with tifffile.TiffWriter(FILES / "thumbnail.tif") as tiff:
        tiff.write(wide, photometric="minisblack", metadata=None)
        tiff.write(wide[::2, ::2], photometric="minisblack", subfiletype=1, metadata=None)
    expected["thumbnail.tif"] = wide.astype(float)[None, ..., None]
