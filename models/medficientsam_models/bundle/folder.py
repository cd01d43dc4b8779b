"""A bundle on disk: whether its files are the pinned ones, and how files become a bundle."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from ..errors import InvalidInputError
from .fields import BundleError
from .files import DECODER, ENCODER, MANIFEST, PROPAGATOR, BundleFile, write_atomically
from .manifest import Manifest


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raise :class:`BundleError` unless every file is there with the size and hash the manifest pins."""
    for expected in manifest.files:
        path = folder / expected.name
        if not path.is_file():
            raise BundleError(f"{expected.name} is missing")
        size = path.stat().st_size
        if size != expected.bytes:
            raise BundleError(f"{expected.name} must have {expected.bytes} bytes, got {size}")
        found = BundleFile.of(path)
        if found.sha256 != expected.sha256:
            raise BundleError(f"{expected.name} must have sha256 {expected.sha256}, got {found.sha256}")


def of_variant(folder: Path, variant: str, input_size: int, channels: int) -> Manifest:
    """The checked manifest of a bundle whose encoder gives what a propagator of the variant takes: tokens of so many channels."""
    manifest = Manifest.read(folder)
    check_files(folder, manifest)
    expected = input_size, (1, (input_size // 4) ** 2, channels)
    if (manifest.input_size, manifest.embedding.shape) != expected:
        raise InvalidInputError(f"bundle must be of variant {variant} with embedding {expected[1]}, "
                                f"got {manifest.id} with {manifest.embedding.shape}")
    return manifest


def write_manifest(folder: Path, **keys: Any) -> Manifest:
    """Pin the ONNX files already in ``folder`` and write the manifest, which makes the folder a bundle.

    ``keys`` are the fields of :class:`Manifest` without ``files``. The manifest comes last on purpose: a folder whose
    export was cut short has none, or has one whose hashes do not match.
    """
    names = (ENCODER, DECODER, PROPAGATOR) if (folder / PROPAGATOR).exists() else (ENCODER, DECODER)
    manifest = Manifest(files=tuple(BundleFile.of(folder / name) for name in names), **keys)
    text = manifest.to_yaml()
    Manifest.parse(text)  # what we would refuse to read, we do not write
    write_atomically(folder / MANIFEST, text.encode())
    return manifest


def rewrite_manifest(folder: Path, manifest: Manifest) -> Manifest:
    """Write a changed manifest of a bundle that is there, pinning its files as they are now."""
    return write_manifest(folder, **{field.name: getattr(manifest, field.name) for field in fields(manifest)
                                     if field.name != "files"})
