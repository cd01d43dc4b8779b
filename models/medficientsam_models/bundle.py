"""Bundles: a folder with ``encoder.onnx``, ``decoder.onnx``, perhaps ``propagator.onnx``, and the ``manifest.yaml`` on them.

``models/SCHEMA.md`` is normative; the Java segmenter reads the same manifests and prints the same complaints.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .errors import InvalidInputError
from .propagation import Profile, PropagationSettings, Shape

MANIFEST = "manifest.yaml"
ENCODER = "encoder.onnx"
DECODER = "decoder.onnx"
PROPAGATOR = "propagator.onnx"
ARCHITECTURES = (
    "nano",
    "efficientvit-sam-l0",
    "efficientvit-sam-l1",
    "efficientvit-sam-l2",
    "litemedsam",
    "medsam",
)
LAYOUTS = ("nchw", "tokens")
PRECISIONS = ("fp32", "int8")
STEADY = "steady"  # the rules that use what a manifest says under `propagation`
MAX_MANIFEST_BYTES = 64 * 1024

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILE_OR_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,63}")


class BundleError(InvalidInputError):
    """A bundle or its manifest is not what SCHEMA.md asks for."""


@dataclass(frozen=True)
class Embedding:
    """What the encoder hands to the decoder: ``nchw`` (1, C, h, w) or ``tokens`` (1, h*w, C)."""

    layout: str
    shape: tuple[int, ...]


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


@dataclass(frozen=True)
class Weights:
    """Where the weights come from; ``trained_on`` names data sets, empty when untrained or unknown."""

    origin: str
    trained_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """The contents of ``manifest.yaml``; ``parse`` is the only way in from text, and it checks everything."""

    id: str
    architecture: str
    input_size: int
    embedding: Embedding
    mask_size: int
    precision: str
    rules: str
    parameters: int
    macs: int
    files: tuple[BundleFile, ...]
    licence: str
    weights: Weights
    scores: Mapping[str, Any] = field(default_factory=dict)
    propagation: PropagationSettings | None = None  # there if and only if there is a propagator or the rules are `steady`

    @classmethod
    def parse(cls, text: str) -> Manifest:
        """Read a manifest; raise :class:`BundleError` naming the key, what it must be and what was found."""
        if len(text.encode()) > MAX_MANIFEST_BYTES:
            raise BundleError(f"manifest must be at most {MAX_MANIFEST_BYTES} bytes")
        try:
            document = yaml.safe_load(text)
        except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a number of more digits than Python reads
            raise BundleError("manifest is not valid YAML") from error
        root = _mapping(
            "manifest",
            document,
            "id architecture inputSize embedding maskSize precision rules parameters macs files licence weights scores",
            optional="propagation",
        )
        weights = _mapping("weights", root["weights"], "origin trainedOn")
        trained_on = weights["trainedOn"]
        if not isinstance(trained_on, list) or not all(isinstance(name, str) and name for name in trained_on):
            raise _wrong("weights.trainedOn", "a list of data set names", trained_on)
        if not isinstance(root["scores"], dict):
            raise _wrong("scores", "a mapping", root["scores"])
        manifest = cls(
            id=_name("id", root["id"]),
            architecture=_one_of("architecture", root["architecture"], ARCHITECTURES),
            input_size=_positive("inputSize", root["inputSize"]),
            embedding=_embedding(root["embedding"]),
            mask_size=_positive("maskSize", root["maskSize"]),
            precision=_one_of("precision", root["precision"], PRECISIONS),
            rules=_name("rules", root["rules"]),
            parameters=_positive("parameters", root["parameters"]),
            macs=_positive("macs", root["macs"]),
            files=_files(root["files"]),
            licence=_matching(
                "licence", root["licence"], _FILE_OR_SPDX, "an SPDX identifier or the name of a file in the bundle"
            ),
            weights=Weights(_text("weights.origin", weights["origin"]), tuple(trained_on)),
            scores=root["scores"],
            propagation=_propagation(root["propagation"]) if "propagation" in root else None,
        )
        if manifest.propagates and manifest.propagation is None:
            raise BundleError("missing key 'propagation'")
        if manifest.propagation is not None and not manifest.propagates:
            raise BundleError(f"propagation belongs to a bundle with a propagator or rules {STEADY}, "
                              f"got rules {manifest.rules} and no {PROPAGATOR}")
        return manifest

    @property
    def has_propagator(self) -> bool:
        return any(file.name == PROPAGATOR for file in self.files)

    @property
    def propagates(self) -> bool:
        """Whether `propagation` belongs to it."""
        return self.has_propagator or self.rules == STEADY

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        try:
            return cls.parse((folder / MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise BundleError(f"{MANIFEST} is missing") from None
        except UnicodeDecodeError as error:
            raise BundleError("manifest is not valid YAML") from error

    def to_yaml(self) -> str:
        document = {
            "id": self.id,
            "architecture": self.architecture,
            "inputSize": self.input_size,
            "embedding": {"layout": self.embedding.layout, "shape": list(self.embedding.shape)},
            "maskSize": self.mask_size,
            "precision": self.precision,
            "rules": self.rules,
            "parameters": self.parameters,
            "macs": self.macs,
            "files": [{"name": f.name, "sha256": f.sha256, "bytes": f.bytes} for f in self.files],
            "licence": self.licence,
            "weights": {"origin": self.weights.origin, "trainedOn": list(self.weights.trained_on)},
            "scores": dict(self.scores),
        } | ({"propagation": asdict(self.propagation)} if self.propagation else {})
        return yaml.safe_dump(document, sort_keys=False, default_flow_style=None, width=120, allow_unicode=True)


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


def check_id(bundle_id: str) -> None:
    """Raise :class:`BundleError` unless a bundle may be called so; for those who want to know before they work."""
    _name("id", bundle_id)


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


def write_manifest(folder: Path, **fields: Any) -> Manifest:
    """Pin the ONNX files already in ``folder`` and write the manifest, which makes the folder a bundle.

    ``fields`` are those of :class:`Manifest` without ``files``. The manifest comes last on purpose: a folder whose
    export was cut short has none, or has one whose hashes do not match.
    """
    names = (ENCODER, DECODER, PROPAGATOR) if (folder / PROPAGATOR).exists() else (ENCODER, DECODER)
    manifest = Manifest(files=tuple(BundleFile.of(folder / name) for name in names), **fields)
    text = manifest.to_yaml()
    Manifest.parse(text)  # what we would refuse to read, we do not write
    write_atomically(folder / MANIFEST, text.encode())
    return manifest


def _wrong(key: str, expected: str, found: object) -> BundleError:
    shown = repr(found)
    return BundleError(f"{key} must be {expected}, got {shown if len(shown) <= 80 else shown[:77] + '...'}")


def _mapping(key: str, value: object, keys: str, optional: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(key, "a mapping", value)
    prefix = "" if key == "manifest" else key + "."
    wanted = keys.split()
    for name in wanted:
        if name not in value:
            raise BundleError(f"missing key '{prefix}{name}'")
    for name in value:
        if name not in wanted and name not in optional.split():
            raise BundleError(f"unknown key '{prefix}{name}'")
    return value


def _name(key: str, value: object) -> str:
    return _matching(key, value, _NAME, "lower-case letters, digits, dots and hyphens")


def _is_positive(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 63


def _positive(key: str, value: object) -> int:
    if not _is_positive(value):
        raise _wrong(key, "a positive integer", value)
    return value


def _number(key: str, value: object, least: float, most: float, *, above: bool = False) -> float:
    """A YAML number, whole or not, in [least, most]; in (least, most] if ``above``."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)  # the comparison refuses NaN and infinity
    if not number or not least <= value <= most or (above and value == least):
        raise _wrong(key, f"a number from {least} to {most}", value)
    return float(value)


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(key, "a non-empty string", value)
    return value


def _matching(key: str, value: object, pattern: re.Pattern[str], expected: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise _wrong(key, expected, value)
    return value


def _one_of(key: str, value: object, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise _wrong(key, "one of " + ", ".join(allowed), value)
    return value


def _embedding(value: object) -> Embedding:
    embedding = _mapping("embedding", value, "layout shape")
    layout = _one_of("embedding.layout", embedding["layout"], LAYOUTS)
    shape = embedding["shape"]
    form = "(1, C, h, w)" if layout == "nchw" else "(1, h*w, C)"
    rank = 4 if layout == "nchw" else 3
    if not isinstance(shape, list) or len(shape) != rank or not all(map(_is_positive, shape)) or shape[0] != 1:
        raise _wrong("embedding.shape", f"{form} for layout {layout}", shape)
    return Embedding(layout, tuple(shape))


def _files(value: object) -> tuple[BundleFile, ...]:
    files = []
    for i, item in enumerate(value if isinstance(value, list) else []):
        entry = _mapping(f"files[{i}]", item, "name sha256 bytes")
        sha256 = _matching(f"files[{i}].sha256", entry["sha256"], _SHA256, "64 lower-case hexadecimal digits")
        files.append(BundleFile(entry["name"], sha256, _positive(f"files[{i}].bytes", entry["bytes"])))
    names = [file.name for file in files]
    if sorted(map(str, names)) not in (sorted((ENCODER, DECODER)), sorted((ENCODER, DECODER, PROPAGATOR))):
        raise _wrong("files", f"{ENCODER}, {DECODER} and at most {PROPAGATOR}", names if files else value)
    return tuple(files)


def _propagation(value: object) -> PropagationSettings:
    root = _mapping("propagation", value, "profile trust shape")
    profile = _mapping("propagation.profile", root["profile"], "height exponent smallest")
    shape = _mapping("propagation.shape", root["shape"], "sides ends")
    return PropagationSettings(
        Profile(
            height=_number("propagation.profile.height", profile["height"], 0, 2, above=True),
            exponent=_number("propagation.profile.exponent", profile["exponent"], 0, 4, above=True),
            smallest=_number("propagation.profile.smallest", profile["smallest"], 0, 1),
        ),
        trust=_number("propagation.trust", root["trust"], 0, 1),
        shape=Shape(*(_number(f"propagation.shape.{key}", shape[key], 0, 10) for key in ("sides", "ends"))),
    )
