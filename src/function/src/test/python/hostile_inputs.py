"""Small inputs that claim, hide or nest much: cases, pictures and volumes, as (name, bytes, query).

Each is refused or answered; none may cost more than its pixels do. Made here, so that none lies in the repository.
"""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

import numpy as np

Input = tuple[str, bytes, str]


def npz(**arrays: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def archive(entries: list[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, content in entries:
            made.writestr(name, content)
    return out.getvalue()


def npy(shape: str, data: bytes = b"", dtype: str = "|u1", order: str = "False") -> bytes:
    head = f"{{'descr': '{dtype}', 'fortran_order': {order}, 'shape': {shape}, }}".encode()
    head += b" " * (-(len(head) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + data


def npy_zip(shape: str, data: bytes, boxes: bytes | None = None, **options: str) -> bytes:
    box = npy("(1, 4)", struct.pack("<4d", 1, 1, 20, 20), "<f8") if boxes is None else boxes
    return archive([("imgs.npy", npy(shape, data, **options)), ("boxes.npy", box)])


IMAGE = np.random.default_rng(1).integers(0, 255, (32, 32), dtype=np.uint8)


def boxed(*boxes: object, dtype: str = "float64") -> bytes:
    return npz(imgs=IMAGE, boxes=np.array(boxes, dtype))


def cases() -> Iterator[Input]:
    """npz."""
    yield "box of NaN", boxed([np.nan] * 4), ""
    yield "box of infinities", boxed([-np.inf, -np.inf, np.inf, np.inf]), ""
    yield "box of 1e308", boxed([-1e308, -1e308, 1e308, 1e308]), ""
    yield "box of 5e-324", boxed([5e-324, 5e-324, 5e-324, 5e-324]), ""
    yield "box below nought", boxed([-9, -9, -5, -5]), ""
    yield "box of the least integers", boxed([-(2**63)] * 4, dtype="int64"), ""
    yield "box of the largest integers", boxed([0, 0, 2**63 - 1, 2**63 - 1], dtype="int64"), ""
    yield "65,536 boxes", npz(imgs=IMAGE, boxes=np.tile([1.0, 1, 20, 20], (65536, 1))), ""
    yield "4 million boxes", npz(imgs=IMAGE, boxes=np.zeros((4_000_000, 4))), ""
    yield "boxes of (0, 4)", npz(imgs=IMAGE, boxes=np.zeros((0, 4))), ""
    yield "boxes of (4, 0)", npz(imgs=IMAGE, boxes=np.zeros((4, 0))), ""
    yield "image without pixels", npz(imgs=np.zeros((0, 32), np.uint8), boxes=np.array([[0, 0, 1, 1]])), ""
    yield "complex boxes", npz(imgs=IMAGE, boxes=np.array([[1j, 1, 20, 20]])), ""
    yield "pixels of a record", npz(imgs=np.zeros((8, 8), "i4,f8"), boxes=np.array([[1, 1, 5, 5]])), ""
    yield "65,535 members", archive([(f"{number}.npy", b"") for number in range(65535)], zipfile.ZIP_STORED), ""
    yield "members with leading paths", archive([("../../imgs.npy", npy("(8, 8)", bytes(64))), ("/boxes.npy", b"")]), ""
    yield "shape of 2^62 x 4", npy_zip(f"({2**62}, 4)", b""), ""
    yield "shape of 10^40", npy_zip(f"({10**40}, 4)", b""), ""
    yield "shape of a million digits", npy_zip(f"({'9' * 50000}, 4)", b""), ""
    yield "negative shape", npy_zip("(-8, -8)", bytes(64)), ""
    yield "shape of 20,000 brackets", npy_zip("(" * 20000 + "8" + ")" * 20000, bytes(64)), ""
    yield "shape of 10,000 ones", npy_zip("(" + "1, " * 10000 + ")", b"\x00"), ""
    yield "header of strings", npy_zip("(8, 8)", bytes(64), dtype="|S2147483647"), ""
    yield "header says 64 KiB and ends", archive([("imgs.npy", b"\x93NUMPY\x01\x00\xff\xff{")]), ""
    yield "1 GiB of noughts, deflated", npy_zip("(32768, 32768)", bytes(1 << 30)), ""
    pickled = b"\x93NUMPY\x01\x00" + b"\x76\x00" + b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n"
    bomb = b"\x80\x02" + b"(" * 50000 + b"l" * 50000 + b"."
    yield "pickle of 50,000 brackets", archive([("imgs.npy", npy("(8, 8)", bytes(64))), ("boxes.npy", pickled + bomb)]), ""
    yield "overlapping members", overlapping(), ""
    yield "zip in zip, ten times", nested(10), ""
    yield "two of each member", archive([("imgs.npy", npy("(8, 8)", bytes(64)))] * 2), ""
    yield "comment of 64 KiB", npz(imgs=IMAGE, boxes=np.array([[1, 1, 20, 20]]))[:-2] + b"\xff\xff" + bytes(65535), ""


def overlapping() -> bytes:
    """500 members that are one and the same deflated megabyte, as the directory says (Fifield's quoted overlap is alike)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = npy("(1024, 1024)", bytes(1 << 20))
    data = packer.compress(plain) + packer.flush()
    fields = struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, zlib.crc32(plain), len(data), len(plain))
    body = b"PK\x03\x04" + fields + struct.pack("<HH", 8, 0) + b"imgs.npy" + data
    directory = b""
    for number in range(500):
        name = b"imgs.npy" if number == 0 else b"a%03d.npy" % number
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHHHII", 8, 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<HHHHIIH", 0, 0, 500, 500, len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def nested(depth: int) -> bytes:
    content = dicom(rows=8, columns=8)
    for _ in range(depth):
        content = archive([("a.zip", content), ("b.zip", content[: 1 << 16])])
    return content


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes, *extra: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")


def tiff(*tags: tuple[int, int, int, int], after: int = 0, tail: bytes = b"") -> bytes:
    directory = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in sorted(tags))
    return b"II*\x00\x08\x00\x00\x00" + directory + struct.pack("<I", after) + tail


def pictures() -> Iterator[Input]:
    box = "?boxes=1,1,5,5"
    yield "PNG of 2^31-1 x 1", png(2**31 - 1, 1, bytes(1000)), box
    yield "PNG of 1 x 2^31-1", png(1, 2**31 - 1, bytes(1000)), box
    yield "PNG of 100,000 x 100,000", png(100_000, 100_000, bytes(100_000)), box
    yield "PNG of 16,000 x 16,000 noughts", png(16000, 16000, bytes(16001 * 16000)), box
    profile = chunk(b"iCCP", b"p\x00\x00" + zlib.compress(bytes(1 << 28), 9))
    text = chunk(b"zTXt", b"t\x00\x00" + zlib.compress(bytes(1 << 28), 9))
    yield "PNG with a profile of 256 MiB", png(8, 8, bytes(72), profile), box
    yield "PNG with a text of 256 MiB", png(8, 8, bytes(72), text), box
    yield "PNG of one row 20,000 wide", png(20_000, 1, bytes(20_001)), "?boxes=1,0,500,0"
    plain = [(256, 4, 1, 8), (257, 4, 1, 8), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8), (279, 4, 1, 64)]
    sides = dict.fromkeys((256, 257), 2**31 - 1)

    def changed(**values: int) -> list[tuple[int, int, int, int]]:
        by_tag = {int(name[1:]): value for name, value in values.items()}
        return [(tag, kind, count, by_tag.get(tag, value)) for tag, kind, count, value in plain]

    yield "TIFF of (2^31-1)^2", tiff(*changed(t256=sides[256], t257=sides[257])), box
    yield "TIFF with 2^31 strips", tiff(*[(t, k, 2**31 if t in (273, 279) else c, v) for t, k, c, v in plain]), box
    tiles = [(322, 4, 1, 16), (323, 4, 1, 16), (324, 4, 2**28, 8), (325, 4, 2**28, 8)]
    yield "TIFF with 2^28 tiles", tiff(*changed(t256=262144, t257=262144), *tiles), box
    yield "TIFF with tiles of 2^31", tiff(*plain, *[(t, k, c, 2**31 - 1) for t, k, c, _ in tiles]), box
    yield "TIFF with tiles of nought", tiff(*plain, *[(t, k, c, 0) for t, k, c, _ in tiles]), box
    yield "TIFF whose directory follows itself", tiff(*plain, after=8, tail=bytes(64)), box
    yield (
        "TIFF of 4,000 directories",
        tiff(*plain, after=8 + 2 + 84 + 4) + b"".join(tiff(*plain, after=8 + (90 * (number + 2)))[8:] for number in range(4000)),
        box,
    )
    yield "JPEG of 65,535 x 65,535", b"\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00\xff\xd9", box
    sides_and_data = b"\xff\xff\xff\xff\x00\x02\x01\x00\x00;"
    yield "GIF of 65,535 x 65,535", b"GIF89a\xff\xff\xff\xff\x80\x00\x00" + bytes(6) + b",\x00\x00\x00\x00" + sides_and_data, box
    frame = b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x4c\x01\x00"
    yield "GIF of 200,000 frames", b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + bytes(6) + frame * 200_000 + b";", box
    yield "BMP of -2^31 rows", b"BM" + struct.pack("<IIIIiiHHIIIIII", 54, 0, 54, 40, 8, -(2**31), 1, 24, 0, 0, 0, 0, 0, 0), box
    yield "WebP of 16,384 x 16,384", b"RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xff\x3f\x00\xff\x3f\x00", box


def nifti(dims: list[int], offset: float = 352, slope: float = 1, kind: int = 2, pixdim: float = 1, data: bytes = b"") -> bytes:
    head = bytearray(352)
    struct.pack_into("<i", head, 0, 348)
    struct.pack_into("<8h", head, 40, *dims)
    struct.pack_into("<hh", head, 70, kind, 8)
    struct.pack_into("<8f", head, 76, *[pixdim] * 8)
    struct.pack_into("<fff", head, 108, offset, slope, slope)
    head[344:348] = b"n+1\x00"
    return bytes(head) + data


def element(group: int, number: int, kind: bytes, value: bytes) -> bytes:
    value += b"\x00" * (len(value) % 2)
    if kind in (b"OB", b"OW", b"SQ", b"UN", b"UT"):
        return struct.pack("<HH2sHI", group, number, kind, 0, len(value)) + value
    return struct.pack("<HH2sH", group, number, kind, len(value)) + value


EXPLICIT = b"1.2.840.10008.1.2.1"


def dicom(rows: int, columns: int, frames: int = 1, extra: bytes = b"", syntax: bytes = EXPLICIT, data: bytes | None = None) -> bytes:
    meta = element(2, 0x10, b"UI", syntax)
    body = element(8, 0x16, b"UI", b"1.2.840.10008.5.1.4.1.1.7") + extra
    for number, value in ((2, 1), (0x10, rows), (0x11, columns), (0x100, 8), (0x101, 8), (0x102, 7), (0x103, 0)):
        if number == 0x10:
            body += element(0x28, 4, b"CS", b"MONOCHROME2") + element(0x28, 8, b"IS", b"%d" % frames)
        body += element(0x28, number, b"US", struct.pack("<H", value))
    if syntax.endswith(b".99"):
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(body + element(0x7FE0, 0x10, b"OW", data or b"")) + packer.flush()
        return bytes(128) + b"DICM" + element(2, 0, b"UL", struct.pack("<I", len(meta))) + meta + packed
    body += element(0x7FE0, 0x10, b"OW", bytes(min(rows * columns, 4096)) if data is None else data)
    return bytes(128) + b"DICM" + element(2, 0, b"UL", struct.pack("<I", len(meta))) + meta + body


def volumes() -> Iterator[Input]:
    box = "?boxes=1,1,0,5,5,0"
    yield "NIfTI of 32767^7", nifti([7] + [32767] * 7), box
    yield "NIfTI of 32767^3", nifti([3, 32767, 32767, 32767, 1, 1, 1, 1]), box
    yield "NIfTI of negative sides", nifti([3, -8, -8, -8, 1, 1, 1, 1]), box
    yield "NIfTI of 99 dimensions", nifti([99, 8, 8, 8, 1, 1, 1, 1]), box
    for name, value in (("NaN", float("nan")), ("1e38", 1e38), ("-1", -1.0)):
        yield f"NIfTI with offset {name}", nifti([3, 8, 8, 2, 1, 1, 1, 1], offset=value, data=bytes(128)), box
        yield f"NIfTI with slope {name}", nifti([3, 8, 8, 2, 1, 1, 1, 1], slope=value, data=bytes(128)), box
        yield f"NIfTI with voxels of {name} mm", nifti([3, 8, 8, 2, 1, 1, 1, 1], pixdim=value, data=bytes(128)), box
    values = np.array([np.nan, np.inf, -np.inf, 1e308] * 32, "<f8").tobytes()
    yield "NIfTI of NaN and infinities", nifti([3, 8, 8, 2, 1, 1, 1, 1], kind=64, data=values), box
    yield "NIfTI, 1 GiB of noughts in gzip", gzip.compress(nifti([3, 1024, 1024, 1024, 1, 1, 1, 1], data=bytes(1 << 30))), box
    yield "gzip in gzip, fifty times", gzipped(50), box
    yield "DICOM of 65,535 x 65,535", dicom(65535, 65535), "?boxes=1,1,5,5"
    yield "DICOM of 2^31 frames", dicom(64, 64, 2**31 - 1), box
    sequence = struct.pack("<HH2sHI", 8, 0x1140, b"SQ", 0, 0xFFFFFFFF) + struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    yield "DICOM of 50,000 nested sequences", dicom(8, 8, extra=sequence * 50_000), "?boxes=1,1,5,5"
    yield "DICOM with an element of 4 GiB", dicom(8, 8, extra=struct.pack("<HH2sHI", 9, 1, b"UN", 0, 0xFFFFFFFE)), "?boxes=1,1,5,5"
    yield "DICOM, deflated, 512 MiB of noughts", dicom(8, 8, syntax=b"1.2.840.10008.1.2.1.99", data=bytes(1 << 29)), "?boxes=1,1,5,5"
    yield "DICOM, RLE without segments", dicom(8, 8, syntax=b"1.2.840.10008.1.2.5", data=bytes(64)), "?boxes=1,1,5,5"
    series = [(f"{number}.dcm", dicom(8, 8)) for number in range(5000)]
    yield "zip of 5,000 DICOM files", archive(series), box
    yield "zip of zips of DICOM files", archive([(f"{n}.zip", archive(series[:50])) for n in range(50)]), box
    nrrd = b"NRRD0004\ntype: uint8\ndimension: 2\nencoding: raw\n"
    yield "NRRD whose data lies elsewhere", nrrd + b"sizes: 8 8\ndata file: /etc/passwd\n\n", "?boxes=1,1,5,5"
    yield "NRRD of 10^9 x 10^9", nrrd + b"sizes: 1000000000 1000000000\n\n" + bytes(64), "?boxes=1,1,5,5"
    head = b"ObjectType = Image\nNDims = 2\nDimSize = 8 8\nElementType = MET_UCHAR\nElementDataFile = "
    yield "MetaImage whose data lies elsewhere", head + b"/etc/passwd\n", "?boxes=1,1,5,5"
    yield "npy of 2^40 voxels", npy("(1048576, 1048576)"), "?boxes=1,1,5,5"


def gzipped(times: int) -> bytes:
    content = nifti([3, 8, 8, 2, 1, 1, 1, 1], data=bytes(128))
    for _ in range(times):
        content = gzip.compress(content)
    return content
