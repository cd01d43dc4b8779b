"""Reference outputs of a network with deterministic weights, in the layout that other implementations are compared in.

Every large tensor is stored strided, with mean, unbiased standard deviation, minimum and maximum of the whole one beside it.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..networks.efficientvit_sam import EfficientViTSamImageEncoder
from ..networks.sam import Sam
from ..networks.tiny_vit import TinyViTImageEncoder
from ..networks.variants import Variant
from ..weights import deterministic


def deterministic_model(variant: Variant) -> Sam:
    """The variant with the weights of `deterministic`, ready for inference."""
    model = variant.build().eval()
    deterministic.fill(model)
    return model


@torch.no_grad()
def compute(model: Sam) -> dict[str, np.ndarray]:
    """All arrays of golden_<variant>.npz, `stats_json` last."""
    size = model.input_size
    arrays: dict[str, np.ndarray] = {}
    stats: dict[str, list[float]] = {}
    image = torch.from_numpy(deterministic.image(size)).permute(2, 0, 1)[None].float() / 255          # (1, 3, S, S)
    with _recorded(model.image_encoder) as inner:
        embedding = model.encode(image)                                                               # (1, 256, 64, 64)
    for name, tensor in inner.items():
        stats[name] = _moments(tensor)
        if name.startswith("stage"):
            arrays[f"{name}_sub"] = tensor[:, ::8, ::8, ::8].numpy()
    stats["embedding"] = _moments(embedding)
    arrays["embedding_sub"] = embedding[:, ::8, ::4, ::4].numpy()

    boxes_px = deterministic.boxes(size)
    arrays["boxes_px"] = boxes_px
    arrays["boxes_norm"] = boxes_px / np.float32(size)
    dense_pe = model.prompt_encoder.dense_pe().transpose(1, 2).unflatten(2, model.embedding_shape[1:])
    arrays["dense_pe_sub"] = dense_pe[:, ::8, ::4, ::4].numpy()

    # The published Python code shifts corners to pixel centres, its C++ and ONNX code does not.
    for path, boxes in (("py", (boxes_px + np.float32(0.5)) / np.float32(size)), ("cpp", arrays["boxes_norm"])):
        boxes = torch.from_numpy(boxes)
        low_res, iou = model.decode_all(embedding, boxes)                                             # (3, 4, 256, 256)
        masks = F.interpolate(low_res[:, :1], (size, size), mode="bilinear", align_corners=False)
        arrays[f"{path}_sparse"] = model.prompt_encoder(boxes).numpy()
        arrays[f"{path}_iou4"] = iou.numpy()
        arrays[f"{path}_low_res_sub"] = low_res[:, :1, ::4, ::4].numpy()
        arrays[f"{path}_mask_sub"] = masks[..., ::4, ::4].numpy()
        arrays[f"{path}_positive_fraction"] = (masks > 0).float().mean((1, 2, 3)).numpy()
        for token in range(low_res.shape[1]):
            stats[f"{path}_low_res" + (f"_token{token}" if token else "")] = _moments(low_res[:, token])
        stats[f"{path}_mask{size}"] = _moments(masks)
    arrays["stats_json"] = np.array(json.dumps(stats))
    return {name: array.copy(order="C") for name, array in arrays.items()}


def write(arrays: dict[str, np.ndarray], variant_id: str, folder: Path) -> Path:
    """Writes golden_<variant>.npz and golden_<variant>_stats.json."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"golden_{variant_id}.npz"
    np.savez_compressed(path, **arrays)
    stats = json.loads(str(arrays["stats_json"]))
    path.with_name(f"golden_{variant_id}_stats.json").write_text(json.dumps(stats, indent=1))
    return path


@contextmanager
def _recorded(encoder: nn.Module) -> Iterator[dict[str, Tensor]]:
    """Collects the outputs of the encoder's parts while it runs."""
    match encoder:
        case EfficientViTSamImageEncoder():
            parts = {f"stage{i}": stage for i, stage in enumerate(encoder.backbone.stages)}
            parts["neck_middle"] = encoder.neck.middle
        case TinyViTImageEncoder():
            parts = {"patch_embed": encoder.patch_embed}
            parts |= {f"layer{i}": layer for i, layer in enumerate(encoder.layers)}
        case _:
            parts = {"patch_embed": encoder.patch_embed} | {f"block{i}": block for i, block in enumerate(encoder.blocks)}
    outputs: dict[str, Tensor] = {}
    hooks = [part.register_forward_hook(lambda _, __, output, name=name: outputs.__setitem__(name, output))
             for name, part in parts.items()]
    try:
        yield outputs
    finally:
        for hook in hooks:
            hook.remove()


def _moments(tensor: Tensor) -> list[float]:
    wide = tensor.double()
    return [wide.mean().item(), wide.std().item(), wide.min().item(), wide.max().item()]
