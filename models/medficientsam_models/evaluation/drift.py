"""What a bundle scores, and how far it is from another one of the same network, usually int8 from fp32: embeddings, masks, DSC.

Each bundle is run as it ships: by the rules in its manifest, with its propagator if it has one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..bundle.manifest import Manifest
from ..errors import InvalidInputError
from ..pipeline.engines import OnnxEngine
from ..pipeline.frame import to_input
from ..pipeline.rules import Rules, rules_of
from ..pipeline.segment import segment
from ..weights import deterministic
from .cases import Case
from .dsc import mean_dsc


@dataclass(frozen=True)
class Shipped:
    """A bundle ready to run."""

    manifest: Manifest
    engine: OnnxEngine
    rules: Rules

    @classmethod
    def open(cls, folder: Path, threads: int) -> "Shipped":
        """InvalidInputError if its rules are not known here."""
        manifest = Manifest.read(folder)
        rules = rules_of(manifest)
        return cls(manifest, OnnxEngine(folder, manifest.input_size, threads), rules)

    def segment(self, images: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        return segment(self.engine, images, boxes, self.rules)

    def embed(self, image: np.ndarray) -> np.ndarray:
        """(h*w, C), whatever the layout."""
        embedding = self.engine.encode(to_input(image, self.engine.input_size))[0]
        return embedding if embedding.ndim == 2 else embedding.reshape(len(embedding), -1).T


@dataclass
class Drift:
    """What was measured. Means are over what is defined; how often something was not is counted beside them.

    A case without a label has no DSC; an object that neither bundle finds has no mask IoU.
    """

    rules: str
    embedding_errors: list[float] = field(default_factory=list)  # relative L2, one per image, of a volume its middle slice
    mask_ious: list[float] = field(default_factory=list)         # one per box, of its label in both maps; NaN where it is in neither
    cases: list["CaseScore"] = field(default_factory=list)

    def report(self) -> dict[str, object]:
        """The figures by name; DSC only where there were labelled cases."""
        report: dict[str, object] = {"rules": self.rules}
        if self.embedding_errors:
            report["embeddingRelativeError"] = round(float(np.mean(self.embedding_errors)), 5)
            report["maskIoU"] = _defined(self.mask_ious, lambda ious: {
                "mean": round(float(np.mean(ious)), 5), "lowest": round(float(min(ious)), 5)})
        for dimension in ("2D", "3D"):
            cases = [case for case in self.cases if case.dimension == dimension]
            if cases:
                report[dimension] = _scores(cases)
        return report


@dataclass(frozen=True)
class CaseScore:
    """DSC of one case by the bundle, and by the one it is compared with; NaN where the case has no label."""

    dimension: str
    modality: str
    dsc: float
    dsc_against: float | None


def measure(bundle: Shipped, against: Shipped | None, cases: Iterable[Case], progress: Callable[[str], None]) -> Drift:
    """Runs one or both bundles over labelled cases; without any, over the deterministic image, which gives no DSC."""
    drift = Drift(bundle.manifest.rules)
    for case in cases:
        ours = bundle.segment(case.images, case.boxes)
        dsc, dsc_against = mean_dsc(case.truth, ours), None
        if against is not None:
            theirs = against.segment(case.images, case.boxes)
            dsc_against = mean_dsc(case.truth, theirs)
            _compare_masks(ours, theirs, len(case.boxes), drift)
            _compare_embeddings(bundle, against, case.images[_middle(case)] if case.is_volume else case.images, drift)
        drift.cases.append(CaseScore("3D" if case.is_volume else "2D", case.modality, dsc, dsc_against))
        progress(f"{len(drift.cases)}: {case.name} DSC {dsc:.4f}")
    if not drift.cases and against is not None:
        image, boxes = deterministic.image(bundle.manifest.input_size), deterministic.boxes(bundle.manifest.input_size)
        _compare_masks(bundle.segment(image, boxes), against.segment(image, boxes), len(boxes), drift)
        _compare_embeddings(bundle, against, image, drift)
    return drift


def check_comparable(manifest: Manifest, against: Manifest) -> None:
    """Two bundles can only drift from each other if they are of one network."""
    for field_name in ("architecture", "input_size", "mask_size", "parameters"):
        ours, theirs = getattr(manifest, field_name), getattr(against, field_name)
        if ours != theirs:
            raise InvalidInputError(f"the bundle to compare with must have {field_name} {ours}, got {theirs}")


def _middle(case: Case) -> int:
    """The middle slice of a volume's first box."""
    return int(np.clip((case.boxes[0, 2] + case.boxes[0, 5]) // 2, 0, len(case.images) - 1))


def _compare_embeddings(ours: Shipped, theirs: Shipped, image: np.ndarray, drift: Drift) -> None:
    a, b = ours.embed(image), theirs.embed(image)
    drift.embedding_errors.append(float(np.linalg.norm(a - b) / np.linalg.norm(b)))


def _compare_masks(ours: np.ndarray, theirs: np.ndarray, boxes: int, drift: Drift) -> None:
    for label in range(1, boxes + 1):
        a, b = ours == label, theirs == label
        union = np.count_nonzero(a | b)
        drift.mask_ious.append(np.count_nonzero(a & b) / union if union else float("nan"))


def _defined(values: list[float], figures: Callable[[list[float]], dict[str, object]]) -> dict[str, object]:
    """The figures of those values that are none of NaN, and how many are."""
    defined = [value for value in values if not np.isnan(value)]
    undefined = len(values) - len(defined)
    return (figures(defined) if defined else {}) | ({"undefined": undefined} if undefined else {})


def _scores(cases: list[CaseScore]) -> dict[str, object]:
    """By modality; a modality all of whose cases are undefined has no DSC and takes no part in the mean."""
    groups = {name: [case for case in cases if case.modality == name] for name in sorted({case.modality for case in cases})}
    defined = {name: kept for name, group in groups.items() if (kept := [case for case in group if not np.isnan(case.dsc)])}
    means = {name: float(np.mean([case.dsc for case in group])) for name, group in defined.items()}
    undefined = {name: count for name, group in groups.items() if (count := len(group) - len(defined.get(name, ())))}
    scores: dict[str, object] = {"cases": {name: len(group) for name, group in groups.items()}}
    if undefined:
        scores["undefined"] = undefined
    if not means:
        return scores
    mean = float(np.mean(list(means.values())))
    scores |= {"dsc": {name: round(value, 4) for name, value in means.items()}, "mean": round(mean, 4)}
    if cases[0].dsc_against is not None:
        against = float(np.mean([np.mean([case.dsc_against for case in group]) for group in defined.values()]))
        scores |= {"meanAgainst": round(against, 4), "change": round(mean - against, 4)}
    return scores
