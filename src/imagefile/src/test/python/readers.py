"""Compares what ImageFiles reads with what Python's readers read, voxel for voxel, on the sample files that those readers' packages ship.

    pip install -r src/imagefile/src/test/python/requirements.txt
    mvn -q test-compile -pl src/imagefile -am
    python src/imagefile/src/test/python/readers.py

Prints a line per file, compares the outcome of each with readers.csv beside this script (read, or why refused), and fails on any difference.
--write makes readers.csv anew. Values are nibabel's get_fdata, pydicom's pixel_array with its rescale and colours as RGB, Pillow's pixels, and
SimpleITK's of series, MetaImage and NRRD; affines are nibabel's, of DICOM SimpleITK's.
"""
from __future__ import annotations

import argparse
import csv
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nibabel
import numpy as np
import pydicom
import SimpleITK as sitk
import tifffile
from PIL import Image, ImageOps
from pydicom.pixels import apply_rescale, pixel_array

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[4]
TABLE = HERE / "readers.csv"


def package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed: pip install -r {HERE / 'requirements.txt'}")
    return Path(spec.origin).parent


def samples() -> list[tuple[str, Path]]:
    """Name and path of each file or folder, in a fixed order."""
    found: list[tuple[str, Path]] = []
    endings = (".nii", ".nii.gz", ".dcm", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".bmp", ".webp", ".npy", ".npz")
    for name in ("nibabel", "pydicom", "skimage", "nilearn"):
        root = package(name)
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.name.lower().endswith(endings):
                found.append((f"{name}/{path.relative_to(root)}", path))
    root = package("pydicom") / "data" / "test_files" / "dicomdirtests"
    for folder in sorted({path.parent for path in root.rglob("*") if path.is_file() and path.suffix == ""}):
        found.append((f"pydicom/data/test_files/{folder.relative_to(root.parent)}", folder))
    return found


def nifti(path: Path) -> tuple[np.ndarray, np.ndarray | None]:
    image = nibabel.load(path)
    data = np.asanyarray(image.dataobj)
    if data.dtype.names:
        values = np.stack([data[n] for n in data.dtype.names[:3]], -1).astype(float)
    else:
        values = image.get_fdata()
        while values.ndim > 3 and values.shape[-1] == 1:
            values = values[..., 0]
        while values.ndim < 3:
            values = values[..., None]
        values = values[..., None]
    unit = {"meter": 1000, "micron": 0.001}.get(image.header.get_xyzt_units()[0], 1)
    return values.transpose(2, 1, 0, 3), image.affine[:3] * unit


def dicom(path: Path) -> tuple[np.ndarray, np.ndarray | None]:
    dataset = pydicom.dcmread(path, force=True)
    values = pixel_array(dataset)
    colour = getattr(dataset, "SamplesPerPixel", 1) == 3
    if getattr(dataset, "PhotometricInterpretation", "") == "PALETTE COLOR":
        values = pydicom.pixels.apply_color_lut(values, dataset)[..., :3]
        if values.dtype == np.uint16:
            values = values >> 8
        colour = True
    elif not colour:
        values = apply_rescale(values, dataset)
    if values.ndim == (3 if colour else 2):
        values = values[None]
    if not colour:
        values = values[..., None]
    return values.astype(float), None


def series(folder: Path) -> tuple[np.ndarray, np.ndarray | None]:
    files = sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder))
    values = np.concatenate([dicom(Path(file))[0] for file in files])
    return values, simple(sitk.ReadImage(files))[1]


def simple(image: sitk.Image) -> tuple[np.ndarray, np.ndarray | None]:
    values = sitk.GetArrayFromImage(image).astype(float)
    directions = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    affine = np.column_stack([directions, image.GetOrigin()])
    affine[:2] *= -1
    return values if values.ndim == 4 else values[..., None], affine


def picture(path: Path) -> tuple[np.ndarray, np.ndarray | None]:
    if path.suffix.lower() in (".tif", ".tiff"):
        values = tifffile.imread(path)
        if values.dtype == bool:
            values = values * 255
        if values.ndim == 4 and values.shape[1] == 3:  # pages with a plane per colour
            values = np.moveaxis(values, 1, -1)
        if values.ndim == 2 or values.shape[-1] > 4:
            values = values[..., None]
        values = values[..., :1] if values.shape[-1] == 2 else values[..., :3]
        return (values if values.ndim == 4 else values[None]).astype(float), None
    image = Image.open(path)
    pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    stack = []
    for page in range(pages):
        image.seek(page)
        stack.append(pixels(ImageOps.exif_transpose(image)))
    return np.stack(stack).astype(float), None


def pixels(image: Image.Image) -> np.ndarray:
    if image.mode in ("1",):
        image = image.convert("L")
    if image.mode in ("P", "PA"):
        image = image.convert("RGB")
        values = np.asarray(image)
        if (values == values[..., :1]).all():
            return values[..., :1]
        return values
    if image.mode in ("CMYK", "YCbCr"):
        image = image.convert("RGB")
    values = np.asarray(image)
    if values.ndim == 2:
        return values[..., None]
    return values[..., :1] if values.shape[2] == 2 else values[..., :3]


def array(path: Path) -> tuple[np.ndarray, np.ndarray | None]:
    values = np.load(path)
    if values.ndim == 2:
        values = values[None, ..., None]
    elif values.ndim == 3 and values.shape[-1] in (1, 3):
        values = values[None]
    elif values.ndim == 3:
        values = values[..., None]
    return values.astype(float), None


def expected(path: Path) -> tuple[np.ndarray, np.ndarray | None]:
    name = path.name.lower()
    if path.is_dir():
        return series(path)
    if name.endswith((".nii", ".nii.gz")):
        return nifti(path)
    if name.endswith(".dcm"):
        return dicom(path)
    if name.endswith((".mha", ".nrrd")):
        return simple(sitk.ReadImage(path))
    if name.endswith((".npy", ".npz")):
        return array(path)
    return picture(path)


def difference(path: Path, out: Path) -> tuple[str, str]:
    """What came of a file, for the table, and a fault or nothing."""
    refused = out.with_suffix(".txt")
    if refused.exists():
        return "refused: " + refused.read_text(), ""
    read = np.load(out)
    values, affine = expected(path)
    got = read["values"]
    if got.shape != values.shape:
        return "read", f"shape {got.shape}, expected {values.shape}"
    # Readers of JPEG round their cosines each in their own way.
    lossy = 4 if is_lossy(path) else 0
    if path.suffix == ".png" and got.max() > 255 >= values.max() and got.shape[-1] == 3:
        got = got // 256  # of 16-bit colours Pillow keeps the high byte
    worst = 0.0 if got.size == 0 else float(np.nanmax(np.abs(got - values)))
    if worst > lossy or (np.isnan(got) != np.isnan(values)).any():
        share = float((got != values).mean())
        return "read", f"values differ by up to {worst}, in {share:.4f} of them"
    if affine is not None and read["placed"][0] and not np.allclose(read["affine"], affine, atol=1e-4):
        return "read", f"affine {read['affine'].tolist()}, expected {affine.tolist()}"
    return "read", ""


def is_lossy(path: Path) -> bool:
    if path.suffix == ".dcm":
        syntax = str(pydicom.dcmread(path, force=True, stop_before_pixels=True).file_meta.get("TransferSyntaxUID", ""))
        return syntax in ("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51")
    return path.suffix.lower() in (".jpg", ".jpeg")


def java(paths: list[Path], out: Path) -> None:
    target = ROOT / "src" / "imagefile" / "target"
    classpath = target / "classpath.txt"
    if not classpath.exists():
        subprocess.run(
            ["mvn", "-q", "-ntp", "-B", "test-compile", "dependency:build-classpath", "-pl", "src/imagefile", "-am", "-Dmdep.outputFile=target/classpath.txt"],
            cwd=ROOT, check=True)
    (out / "list.txt").write_text("\n".join(map(str, paths)) + "\n")
    entries = [target / "classes", target / "test-classes", ROOT / "src" / "casefile" / "target" / "classes", classpath.read_text().strip()]
    subprocess.run(
        ["java", "-Xmx3g", "-Djava.awt.headless=true", "-cp", os.pathsep.join(map(str, entries)), "org.medficientsam.imagefile.DumpImages",
         str(out / "list.txt"), str(out)], check=True)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--write", action="store_true", help="make readers.csv anew")
    write = arguments.parse_args().write
    known = {} if write or not TABLE.exists() else {row["file"]: row["outcome"] for row in csv.DictReader(TABLE.open())}
    files = samples()
    faults = read = 0
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        java([path for _, path in files], out)
        rows = []
        for i, (name, path) in enumerate(files):
            try:
                outcome, fault = difference(path, out / f"{i}.npz")
            except Exception as error:  # noqa: BLE001 - what Python's reader refuses is part of the table
                outcome, fault = f"read, which Python's reader does not: {type(error).__name__}", ""
            if known and known.get(name) != outcome:
                fault = fault or f"outcome changed from {known.get(name)!r}"
            faults += bool(fault)
            read += outcome.startswith("read")
            rows.append((name, outcome))
            print(f"{'FAULT' if fault else 'ok   '} {name}: {outcome}{' - ' + fault if fault else ''}")
    if write:
        with TABLE.open("w", newline="") as table:
            writer = csv.writer(table, lineterminator="\n")
            writer.writerow(("file", "outcome"))
            writer.writerows(rows)
    print(f"{read} read, {len(files) - read} refused, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
