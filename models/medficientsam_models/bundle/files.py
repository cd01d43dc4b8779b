"""The files of a bundle: their names, what pins them, and how they are written."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

MANIFEST = "manifest.yaml"
ENCODER = "encoder.onnx"
DECODER = "decoder.onnx"
PROPAGATOR = "propagator.onnx"


@dataclass(frozen=True)
class BundleFile:
    """One ONNX file of a bundle, pinned by hash and size."""

    name: str
    sha256: str
    bytes: int

    @classmethod
    def of(cls, path: Path) -> BundleFile:
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
        return cls(path.name, digest.hexdigest(), path.stat().st_size)


def write_atomically(path: Path, content: bytes) -> None:
    """Write beside the target, then rename: a reader sees the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
