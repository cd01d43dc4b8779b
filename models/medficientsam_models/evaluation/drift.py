"""How far a bundle is from another one of the same network, usually int8 from fp32: embeddings, masks and DSC."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from ..bundle.manifest import Manifest
from ..errors import InvalidInputError
from ..pipeline.engines import OnnxEngine
from ..pipeline.frame import to_image, to_input
from ..pipeline.segment import RULES, segment
from ..weights import deterministic
from .cases import Case
from .dsc import mean_dsc


@dataclass
class Drift:
    """What was measured. Means are over images, boxes or cases alike; DSC is averaged over cases, then over modalities."""

    embedding_errors: list[float] = field(default_factory=list)  # relative L2, one per image
    mask_ious: list[float] = field(default_factory=list)         # one per box
    cases: list["CaseScore"] = field(default_factory=list)

    def report(self) -> dict[str, object]:
        """The figures by name; DSC only where there were labelled cases."""
        report: dict[str, object] = {}
        if self.embedding_errors:
            report["embeddingRelativeError"] = round(float(np.mean(self.embedding_errors)), 5)
            mean, lowest = float(np.mean(self.mask_ious)), float(min(self.mask_ious))
            report["maskIoU"] = {"mean": round(mean, 5), "lowest": round(lowest, 5)}
        for dimension in ("2D", "3D"):
            cases = [case for case in self.cases if case.dimension == dimension]
            if cases:
                report[dimension] = _scores(cases)
        return report


@dataclass(frozen=True)
class CaseScore:
    """DSC of one case by the bundle, and by the one it is compared with."""

    dimension: str
    modality: str
    dsc: float
    dsc_against: float | None


def _scores(cases: list[CaseScore]) -> dict[str, object]:
    modalities = sorted({case.modality for case in cases})
    by_modality = {name: [case for case in cases if case.modality == name] for name in modalities}
    means = {name: float(np.nanmean([case.dsc for case in group])) for name, group in by_modality.items()}
    scores: dict[str, object] = {
        "cases": {name: len(group) for name, group in by_modality.items()},
        "dsc": {name: round(mean, 4) for name, mean in means.items()},
        "mean": round(float(np.mean(list(means.values()))), 4),
    }
    if cases[0].dsc_against is not None:
        against = np.mean([np.nanmean([case.dsc_against for case in group]) for group in by_modality.values()])
        scores["meanAgainst"] = round(float(against), 4)
        scores["change"] = round(float(np.mean(list(means.values())) - against), 4)
    return scores


def measure(bundle: OnnxEngine, manifest: Manifest, against: OnnxEngine | None, cases: Iterable[Case],
            progress: Callable[[str], None]) -> Drift:
    """Runs one or both bundles over labelled cases; without any, over the deterministic image, which gives no DSC."""
    rules = RULES.get(manifest.rules, RULES["medficientsam"])
    drift = Drift()
    for case in cases:
        if against is not None:
            _compare(bundle, against, *_slice_of(case), drift)
        dsc, dsc_against = (
            mean_dsc(case.truth, segment(engine, case.images, case.boxes, rules)) if engine else None
            for engine in (bundle, against))
        drift.cases.append(CaseScore("3D" if case.is_volume else "2D", case.modality, dsc, dsc_against))
        progress(f"{len(drift.cases)}: {case.name} DSC {dsc:.4f}")
    if not drift.cases and against is not None:
        size = manifest.input_size
        _compare(bundle, against, deterministic.image(size), deterministic.boxes(size), drift)
    return drift


def check_comparable(manifest: Manifest, against: Manifest) -> None:
    """Two bundles can only drift from each other if they are of one network."""
    for field_name in ("architecture", "input_size", "mask_size", "parameters"):
        ours, theirs = getattr(manifest, field_name), getattr(against, field_name)
        if ours != theirs:
            raise InvalidInputError(f"the bundle to compare with must have {field_name} {ours}, got {theirs}")


def _slice_of(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """An image with its boxes, of a volume the middle slice of its first box."""
    if not case.is_volume:
        return case.images, case.boxes
    z = int(np.clip((case.boxes[0, 2] + case.boxes[0, 5]) // 2, 0, len(case.images) - 1))
    inside = (case.boxes[:, 2] <= z) & (z <= case.boxes[:, 5])
    return case.images[z], case.boxes[inside][:, [0, 1, 3, 4]]


def _compare(ours: OnnxEngine, theirs: OnnxEngine, image: np.ndarray, boxes: np.ndarray, drift: Drift) -> None:
    network_input = to_input(image, ours.input_size)
    embeddings = [engine.encode(network_input) for engine in (ours, theirs)]
    a, b = (_tokens(embedding) for embedding in embeddings)
    drift.embedding_errors.append(float(np.linalg.norm(a - b) / np.linalg.norm(b)))
    height, width = image.shape[:2]
    scaled = (boxes / max(height, width)).astype(np.float32)
    for box in scaled:
        masks = [to_image(engine.decode(embedding, box[None])[0], height, width, ours.input_size) > 0
                 for engine, embedding in zip((ours, theirs), embeddings, strict=True)]
        union = np.count_nonzero(masks[0] | masks[1])
        drift.mask_ious.append(np.count_nonzero(masks[0] & masks[1]) / union if union else 1.0)


def _tokens(embedding: np.ndarray) -> np.ndarray:
    """(1, C, h, w) or (1, h*w, C) -> (h*w, C)"""
    return embedding[0] if embedding.ndim == 3 else embedding[0].reshape(embedding.shape[1], -1).T
