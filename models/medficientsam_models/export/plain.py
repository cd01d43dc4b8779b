"""The graphs PyTorch's exporter makes of the networks: opset 17, as the original project exported. The baseline, not more."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable

import onnx
import torch
from torch import nn

OPSET = 17  # has no GELU: the exporter spells it out


def encoder(model: nn.Module) -> onnx.ModelProto:
    """``image`` (1, 3, S, S) to ``image_embeddings`` (1, C, h, w)."""
    image = torch.zeros(1, 3, model.input_size, model.input_size)
    return _export(model.encode, (image,), ["image"], ["image_embeddings"], {})


def decoder(model: nn.Module) -> onnx.ModelProto:
    """``image_embeddings`` and ``boxes`` (N, 4) to ``low_res_masks`` and ``iou``."""
    embedding = torch.zeros(1, *model.embedding_shape)
    boxes = torch.tensor([[0.1, 0.2, 0.5, 0.6], [0.2, 0.3, 0.7, 0.9]])
    outputs = ["low_res_masks", "iou"]
    free = {name: {0: "N"} for name in ["boxes", *outputs]}
    return _export(model.decode, (embedding, boxes), ["image_embeddings", "boxes"], outputs, free)


class _Method(nn.Module):
    def __init__(self, method: Callable[..., object]) -> None:
        super().__init__()
        self.owner = method.__self__.eval()
        self.name = method.__name__

    def forward(self, *inputs: torch.Tensor) -> object:
        return getattr(self.owner, self.name)(*inputs)


def _export(
    method: Callable[..., object],
    inputs: tuple[torch.Tensor, ...],
    input_names: list[str],
    output_names: list[str],
    dynamic_axes: dict[str, dict[int, str]],
) -> onnx.ModelProto:
    target = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter's own deprecation, and the constants it folds, which is what we want
        torch.onnx.export(
            _Method(method),
            inputs,
            target,
            opset_version=OPSET,
            dynamo=False,  # the exporter of the original project's day
            input_names=input_names,
            output_names=output_names,
            dynamic_axes=dynamic_axes,
        )
    return onnx.load_from_string(target.getvalue())
