"""Training images that are kept back, and how well a network segments them: for choices that validation must not make."""

import copy
import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from ...evaluation.dsc import dsc
from ..images import LabelledImage
from .canvases import Canvases

_BOXES = 64  # decoded at once


def split(images: Sequence[LabelledImage], share: float) -> tuple[list[LabelledImage], list[LabelledImage]]:
    """Those to train on and about that share to keep back, by subject; the same ones in every run."""
    kept = [zlib.crc32(f"{image.modality}/{image.dataset}/{image.subject}".encode()) % 10_000 < share * 10_000 for image in images]
    return ([image for image, back in zip(images, kept, strict=True) if not back],
            [image for image, back in zip(images, kept, strict=True) if back])


class Choice:
    """Between the weights that a run begins with and those it ends with."""

    def __init__(self, images: Sequence[LabelledImage], device: torch.device, sizes: Sequence[int], *, half: bool):
        self._canvases = Canvases.of(images, device)
        self._modalities = [image.modality for image in images]
        self._device, self._sizes, self._half = device, sizes, half
        self._record: dict[str, object] = {"images": len(images), "subjects": len({image.subject for image in images})}

    def begin(self, model: nn.Module) -> None:
        """Scores a model as it is before training, and remembers it."""
        self._before = copy.deepcopy(model)
        self._record["before"] = self._scored(model)

    def better(self, trained: nn.Module, record: Path) -> nn.Module:
        """The model whose mean over sizes and modalities is higher; how they scored is written to `record`, as JSON."""
        self._record["after"] = self._scored(trained)
        before, after = (sum(table["mean"] for table in self._record[name].values()) for name in ("before", "after"))
        self._record["kept"] = "after" if after > before else "before"
        record.write_text(json.dumps(self._record, indent=1) + "\n", encoding="utf-8")
        print(f"held out: {json.dumps(self._record)}", flush=True)
        return trained if after > before else self._before

    def _scored(self, model: nn.Module) -> dict[str, Mapping[str, float]]:
        model.to(self._device, memory_format=torch.channels_last)
        return {str(size): scores(model, self._canvases, self._modalities, size, half=self._half) for size in self._sizes}


@torch.no_grad()
def scores(model: nn.Module, canvases: Canvases, modalities: Sequence[str], size: int, *, half: bool = True) -> Mapping[str, float]:
    """DSC by modality, and their `mean`: objects one by one by their tight boxes at the network's resolution, mean over an image's
    objects, then images."""
    model.eval()
    found: dict[str, list[float]] = {}
    for i, modality in enumerate(modalities):
        with torch.autocast(canvases.device.type, dtype=torch.bfloat16, enabled=half):
            found.setdefault(modality, []).append(_of_image(model, canvases, i, size))
    means = {modality: sum(values) / len(values) for modality, values in sorted(found.items())}
    return {**{modality: round(mean, 4) for modality, mean in means.items()}, "mean": round(sum(means.values()) / len(means), 4)}


def _of_image(model: nn.Module, canvases: Canvases, i: int, size: int) -> float:
    width, height = (int(side) for side in canvases.sizes[i])
    scale = size / max(width, height)
    frame = tuple(max(1, int(side * scale + 0.5)) for side in (height, width))
    picture = F.interpolate(canvases.images[i, None, :, :height, :width].float(), size=frame, mode="bilinear", align_corners=False,
                            antialias=scale < 1)
    picture = (picture - picture.min()) / (picture.max() - picture.min()).clamp(min=1e-6)
    square = F.pad(picture, (0, size - frame[1], 0, size - frame[0]))
    there = canvases.objects[i] > 0
    labels = canvases.objects[i, there]                                                               # (k,)
    factor = torch.tensor([frame[1] / width, frame[0] / height], device=canvases.device)
    boxes = torch.cat([canvases.low[i, there] * factor, (canvases.high[i, there] - 1) * factor], 1) / size
    truth = F.interpolate(canvases.labels[i, None, None, :height, :width].float(), size=frame, mode="nearest-exact")[0, 0]
    embedding = model.encode(square.contiguous(memory_format=torch.channels_last))
    dices = []
    for start in range(0, len(labels), _BOXES):
        some = boxes[start:start + _BOXES]
        logits, _ = model.decode(embedding, some, torch.zeros(len(some), dtype=torch.int64, device=boxes.device))
        masks = F.interpolate(logits.float(), size=(size, size), mode="bilinear", align_corners=False)[:, 0, :frame[0], :frame[1]] > 0
        dices.append(dsc(masks, truth[None] == labels[start:start + _BOXES, None, None], (1, 2)))
    return float(torch.cat(dices).nan_to_num().mean())
