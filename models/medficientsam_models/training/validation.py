"""Scores on challenge cases, by the pipeline that is deployed: later boxes overwrite earlier ones, original resolution."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import InvalidInputError
from ..evaluation.cases import arrays
from ..evaluation.dsc import mean_dsc
from ..pipeline.engines import Engine
from ..pipeline.segment import segment, segment_image

_NEEDED = ("imgs", "gts", "boxes")
IMAGES, MIDDLE_SLICES, VOLUMES = "2D", "3D middle slices", "3D"


@dataclass(frozen=True)
class Score:
    """DSC of one case, mean over its labels."""

    protocol: str
    modality: str
    case: str
    dsc: float


def validate(engine: Engine, folder: Path, *, volumes: bool) -> list[Score]:
    """Scores every case of FOLDER/<modality>/<case>.npz.

    Volumes are scored on the middle slice of each box, which is quick, and with `volumes` also as a whole, propagated.
    """
    scores = []
    for path in case_files(folder):
        modality, case = path.parent.name, path.stem
        images, truth, boxes = arrays(path, *_NEEDED)
        if boxes.shape[1] == 4:
            scores.append(Score(IMAGES, modality, case, mean_dsc(truth, segment(engine, images, boxes))))
            continue
        for label, box in enumerate(boxes, start=1):
            middle = (max(int(box[2]), 0) + min(int(box[5]), len(images) - 1)) // 2
            if (truth[middle] == label).any():
                mask = segment_image(engine, images[middle], box[None, [0, 1, 3, 4]])
                scores.append(Score(MIDDLE_SLICES, modality, f"{case}_{label}", mean_dsc(truth[middle] == label, mask)))
        if volumes:
            scores.append(Score(VOLUMES, modality, case, mean_dsc(truth, segment(engine, images, boxes))))
    return scores


def case_files(folder: Path) -> list[Path]:
    """The validation cases of a folder, in a fixed order."""
    paths = sorted(folder.glob("*/*.npz"))
    if not paths:
        raise InvalidInputError("validation folder must hold <modality>/<case>.npz files, got none")
    return paths


def check_cases(folder: Path) -> None:
    """InvalidInputError if a case cannot be read; so it is found out before minutes of training."""
    for path in case_files(folder):
        arrays(path, *_NEEDED)


def table(scores: Iterable[Score]) -> dict[str, dict[str, dict[str, float]]]:
    """Per protocol `dsc` and `cases` by modality, and under `dsc` the `mean` over the modalities."""
    grouped: dict[str, dict[str, list[float]]] = {}
    for score in scores:
        grouped.setdefault(score.protocol, {}).setdefault(score.modality, []).append(score.dsc)
    return {protocol: _summary(modalities) for protocol, modalities in grouped.items()}


def _summary(modalities: Mapping[str, list[float]]) -> dict[str, dict[str, float]]:
    means = {modality: float(np.mean(values)) for modality, values in modalities.items()}
    return {"dsc": {**{modality: round(mean, 4) for modality, mean in means.items()},
                    "mean": round(float(np.mean(list(means.values()))), 4)},
            "cases": {modality: len(values) for modality, values in modalities.items()}}
