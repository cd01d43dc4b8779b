"""The manifest: what a bundle says of itself, read strictly and written the same way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .fields import BundleError, is_positive, mapping, matching, name, one_of, positive, text, wrong
from .files import DECODER, ENCODER, MANIFEST, PROPAGATOR, BundleFile
from .propagation import PropagationSettings

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

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILE_OR_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,63}")


@dataclass(frozen=True)
class Embedding:
    """What the encoder hands to the decoder: ``nchw`` (1, C, h, w) or ``tokens`` (1, h*w, C)."""

    layout: str
    shape: tuple[int, ...]


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
    def parse(cls, yaml_text: str) -> Manifest:
        """Read a manifest; raise :class:`BundleError` naming the key, what it must be and what was found."""
        if len(yaml_text.encode()) > MAX_MANIFEST_BYTES:
            raise BundleError(f"manifest must be at most {MAX_MANIFEST_BYTES} bytes")
        try:
            document = yaml.safe_load(yaml_text)
        except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a number of more digits than Python reads
            raise BundleError("manifest is not valid YAML") from error
        root = mapping(
            "manifest",
            document,
            "id architecture inputSize embedding maskSize precision rules parameters macs files licence weights scores",
            optional="propagation",
        )
        weights = mapping("weights", root["weights"], "origin trainedOn")
        trained_on = weights["trainedOn"]
        if not isinstance(trained_on, list) or not all(isinstance(item, str) and item for item in trained_on):
            raise wrong("weights.trainedOn", "a list of data set names", trained_on)
        if not isinstance(root["scores"], dict):
            raise wrong("scores", "a mapping", root["scores"])
        manifest = cls(
            id=name("id", root["id"]),
            architecture=one_of("architecture", root["architecture"], ARCHITECTURES),
            input_size=positive("inputSize", root["inputSize"]),
            embedding=_embedding(root["embedding"]),
            mask_size=positive("maskSize", root["maskSize"]),
            precision=one_of("precision", root["precision"], PRECISIONS),
            rules=name("rules", root["rules"]),
            parameters=positive("parameters", root["parameters"]),
            macs=positive("macs", root["macs"]),
            files=_files(root["files"]),
            licence=matching(
                "licence", root["licence"], _FILE_OR_SPDX, "an SPDX identifier or the name of a file in the bundle"
            ),
            weights=Weights(text("weights.origin", weights["origin"]), tuple(trained_on)),
            scores=root["scores"],
            propagation=PropagationSettings.parse(root["propagation"]) if "propagation" in root else None,
        )
        if manifest.propagates and manifest.propagation is None:
            raise BundleError("missing key 'propagation'")
        if manifest.propagation is not None and not manifest.propagates:
            raise BundleError(f"propagation belongs to a bundle with a propagator or rules {STEADY}, "
                              f"got rules {manifest.rules} and no {PROPAGATOR}")
        if manifest.propagation is not None and manifest.propagation.input_size == manifest.input_size:
            raise BundleError("propagation.inputSize must differ from inputSize")
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
        } | ({"propagation": self.propagation.document()} if self.propagation else {})
        return yaml.safe_dump(document, sort_keys=False, default_flow_style=None, width=120, allow_unicode=True)


def _embedding(value: object) -> Embedding:
    embedding = mapping("embedding", value, "layout shape")
    layout = one_of("embedding.layout", embedding["layout"], LAYOUTS)
    shape = embedding["shape"]
    form = "(1, C, h, w)" if layout == "nchw" else "(1, h*w, C)"
    rank = 4 if layout == "nchw" else 3
    if not isinstance(shape, list) or len(shape) != rank or not all(map(is_positive, shape)) or shape[0] != 1:
        raise wrong("embedding.shape", f"{form} for layout {layout}", shape)
    return Embedding(layout, tuple(shape))


def _files(value: object) -> tuple[BundleFile, ...]:
    files = []
    for i, item in enumerate(value if isinstance(value, list) else []):
        entry = mapping(f"files[{i}]", item, "name sha256 bytes")
        sha256 = matching(f"files[{i}].sha256", entry["sha256"], _SHA256, "64 lower-case hexadecimal digits")
        files.append(BundleFile(entry["name"], sha256, positive(f"files[{i}].bytes", entry["bytes"])))
    names = [file.name for file in files]
    if sorted(map(str, names)) not in (sorted((ENCODER, DECODER)), sorted((ENCODER, DECODER, PROPAGATOR))):
        raise wrong("files", f"{ENCODER}, {DECODER} and at most {PROPAGATOR}", names if files else value)
    return tuple(files)
