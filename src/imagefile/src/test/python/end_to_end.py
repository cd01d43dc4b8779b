"""What a new user does, with the packaged command, checked with Python's readers: affine, place and shape of the answers.

    mvn -q package -DskipTests -pl src/segmenter -am
    python src/imagefile/src/test/python/end_to_end.py

Makes a CT of an ellipsoid in an oblique .nii.gz, a DICOM series of it (folder and zip), a 16-bit X-ray PNG and a photograph with an EXIF
orientation, segments each, and fails unless each answer opens in the same space with the object's centre of mass within half a voxel (of a
picture within 1.5 pixels) of the phantom's.
"""
from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nibabel as nib
import numpy as np
from PIL import Image, ImageOps
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

ROOT = Path(__file__).resolve().parents[5]
JAR = ROOT / "src" / "segmenter" / "target" / "medficientsam-segmenter.jar"
RNG = np.random.default_rng(7)
SPACING = (0.8, 0.8, 3.0)
SHAPE = (160, 144, 24)
CENTRE, RADIUS = np.array([92.0, 60.0, 11.0]), np.array([26.0, 20.0, 6.0])


def segment(*arguments: object) -> str:
    started = time.monotonic()
    run = subprocess.run(["java", "-Xmx1g", "-jar", str(JAR), "segment", *map(str, arguments), "--models", str(ROOT / "models" / "bundles"), "-q"],
                         capture_output=True, text=True)
    print(f"  {run.stdout.strip()} {run.stderr.strip()} ({time.monotonic() - started:.1f} s)")
    if run.returncode:
        raise SystemExit(f"segment {arguments}: {run.stderr}")
    return run.stdout


def phantom() -> tuple[np.ndarray, np.ndarray]:
    """A liver-like ellipsoid at 60 HU in tissue at -40 within air, noise of 12 HU; (i, j, k)."""
    grid = np.stack(np.meshgrid(*map(np.arange, SHAPE), indexing="ij"), -1)
    body = (((grid - np.array(SHAPE) / 2) / (np.array(SHAPE) * 0.47))[..., :2] ** 2).sum(-1) < 1
    organ = (((grid - CENTRE) / RADIUS) ** 2).sum(-1) < 1
    hu = np.where(organ, 80, np.where(body, -60, -1000)) + RNG.normal(0, 12, SHAPE)
    return hu.round().astype(np.int16), organ


def affine() -> np.ndarray:
    c, s = np.cos(0.3), np.sin(0.3)
    rotation = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ np.array([[-1, 0, 0], [0, 1, 0], [0, 0, 1]])
    matrix = np.eye(4)
    matrix[:3, :3] = rotation @ np.diag(SPACING)
    matrix[:3, 3] = (120, -70, 300)
    return matrix


def box(mask: np.ndarray) -> str:
    where = np.argwhere(mask)
    return ",".join(map(str, (*where.min(0), *where.max(0))))


def check(answer: Path, organ: np.ndarray, place: np.ndarray, shape: tuple[int, ...]) -> None:
    image = nib.load(answer)
    labels = np.asanyarray(image.dataobj)
    assert labels.shape == shape, (labels.shape, shape)
    assert np.allclose(image.affine, place, atol=1e-3), (image.affine, place)
    found = nib.affines.apply_affine(image.affine, np.argwhere(labels == 1).mean(0))
    true = nib.affines.apply_affine(place, np.argwhere(organ).mean(0))
    apart = np.abs(np.linalg.solve(place[:3, :3], found - true))
    dice = 2 * ((labels == 1) & organ).sum() / ((labels == 1).sum() + organ.sum())
    print(f"  {answer.name}: {labels.dtype} {labels.shape}, centre {apart.round(2)} voxels from the phantom's, DSC {dice:.3f}")
    assert (apart < 0.5).all(), apart
    assert dice > 0.9, dice


def nifti(folder: Path) -> None:
    print("an oblique CT in .nii.gz")
    hu, organ = phantom()
    nib.save(nib.Nifti1Image(hu, affine()), folder / "ct.nii.gz")
    segment(folder / "ct.nii.gz", "--box", box(organ), "--window", "40,400", "-o", folder / "liver.nii.gz")
    check(folder / "liver.nii.gz", organ, nib.load(folder / "ct.nii.gz").affine, SHAPE)
    print("the same, thickest along its second axis")
    turned = nib.Nifti1Image(hu, affine()).as_reoriented(np.array([[1, 1], [2, -1], [0, 1]]))
    nib.save(turned, folder / "turned.nii")
    mask = np.asanyarray(nib.Nifti1Image(organ.astype(np.uint8), affine()).as_reoriented(np.array([[1, 1], [2, -1], [0, 1]])).dataobj) > 0
    segment(folder / "turned.nii", "--box", box(mask), "-o", folder / "turned_liver.nii.gz")
    check(folder / "turned_liver.nii.gz", mask, turned.affine, turned.shape)


def dicom(folder: Path) -> None:
    print("a DICOM series")
    hu, organ = phantom()
    place = affine()
    lps = np.diag([-1, -1, 1, 1]) @ place
    directory = folder / "series"
    directory.mkdir()
    for k in RNG.permutation(SHAPE[2]):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CTImageStorage, f"1.2.826.0.1.3680043.8.498.17.{k + 1}"
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
        ds.SOPClassUID, ds.SOPInstanceUID, ds.Modality = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID, "CT"
        ds.SeriesInstanceUID, ds.InstanceNumber = "1.2.826.0.1.3680043.8.498.17", int(SHAPE[2] - k)
        slice_ = (hu[:, :, k].T + 1024).clip(0).astype(np.uint16)
        ds.Rows, ds.Columns, ds.SamplesPerPixel, ds.PhotometricInterpretation = *slice_.shape, 1, "MONOCHROME2"
        ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 16, 15, 0
        ds.RescaleSlope, ds.RescaleIntercept = "1", "-1024"
        ds.PixelSpacing = [str(SPACING[1]), str(SPACING[0])]
        ds.ImageOrientationPatient = [f"{v:.10f}" for v in (*(lps[:3, 0] / SPACING[0]), *(lps[:3, 1] / SPACING[1]))]
        ds.ImagePositionPatient = [f"{v:.6f}" for v in lps[:3, 3] + k * lps[:3, 2]]
        ds.PixelData = slice_.tobytes()
        ds["PixelData"].VR = "OW"
        ds.save_as(directory / f"{RNG.integers(1 << 30):x}.dcm", enforce_file_format=True)
    # Slices rise along row x column; where that is against k of the phantom, the answer's k is turned with it.
    normal = np.cross(lps[:3, 0], lps[:3, 1])
    against = normal @ lps[:3, 2] < 0
    seen = organ[:, :, ::-1] if against else organ
    if against:
        place = place @ np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, -1, SHAPE[2] - 1], [0, 0, 0, 1]], float)
    segment(directory, "--box", box(seen), "-o", folder / "series.nii.gz")
    check(folder / "series.nii.gz", seen, place, SHAPE)
    shutil.make_archive(str(folder / "zipped"), "zip", directory)
    segment(folder / "zipped.zip", "--box", box(seen), "-o", folder / "zipped.nii.gz")
    check(folder / "zipped.nii.gz", seen, place, SHAPE)


def pictures(folder: Path) -> None:
    print("a chest X-ray of 12 bits in 16")
    y, x = np.mgrid[:300, :400]
    organ = ((x - 150) / 60) ** 2 + ((y - 170) / 80) ** 2 < 1
    xray = (np.where(organ, 900, 2600) + RNG.normal(0, 60, organ.shape)).clip(0, 4095).astype(np.uint16)
    Image.fromarray(xray).save(folder / "xray.png")
    segment(folder / "xray.png", "--box", "90,90,209,249", "-o", folder / "xray_labels.png", "--overlay", folder / "overlay.png")
    centred(np.asarray(Image.open(folder / "xray_labels.png")), organ)
    print("a photograph that its EXIF turns")
    upright = np.stack([np.where(organ, a, b) + RNG.normal(0, 5, organ.shape) for a, b in ((150, 220), (80, 170), (60, 150))], -1).clip(0, 255)
    photo = Image.fromarray(upright.astype(np.uint8))
    exif = Image.Exif()
    exif[274] = 6
    photo.transpose(Image.Transpose.ROTATE_90).save(folder / "photo.jpg", quality=95, exif=exif)
    assert ImageOps.exif_transpose(Image.open(folder / "photo.jpg")).size == photo.size
    segment(folder / "photo.jpg", "--box", "90,90,209,249", "-o", folder / "photo_labels.png")
    centred(np.asarray(Image.open(folder / "photo_labels.png")), organ)


def centred(labels: np.ndarray, organ: np.ndarray) -> None:
    assert labels.shape == organ.shape, labels.shape
    apart = np.abs(np.argwhere(labels == 1).mean(0) - np.argwhere(organ).mean(0))
    dice = 2 * ((labels == 1) & organ).sum() / ((labels == 1).sum() + organ.sum())
    print(f"  centre {apart.round(2)} pixels from the phantom's, DSC {dice:.3f}")
    assert (apart < 1.5).all() and dice > 0.9


def main() -> int:
    if not JAR.exists():
        raise SystemExit("mvn -q package -DskipTests -pl src/segmenter -am")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nifti(folder)
        dicom(folder)
        pictures(folder)
    print("all as expected")
    return 0


if __name__ == "__main__":
    sys.exit(main())
