"""Weights, image and boxes that any implementation can compute for itself, so that independent ones can be compared.

Tensor element i of state-dict key K is a hash of crc32(K) and i, scaled by what kind of tensor K is;
tests/golden/GOLDEN.md has the rules.
"""

import zlib

import numpy as np
import torch
from torch import nn

_EMBEDDINGS = frozenset(
    [f"prompt_encoder.point_embeddings.{i}.weight" for i in range(4)]
    + ["prompt_encoder.not_a_point_embed.weight", "prompt_encoder.no_mask_embed.weight",
       "mask_decoder.iou_token.weight", "mask_decoder.mask_tokens.weight"])
_TRANSPOSED_CONVOLUTIONS = ("mask_decoder.output_upscaling.0.weight", "mask_decoder.output_upscaling.3.weight")
_BOXES_AT_512 = ((128, 128, 384, 384), (51, 102, 205, 461), (256, 26, 486, 256))


def uniform(key: str, count: int) -> np.ndarray:
    """`count` doubles in [-0.5, 0.5): murmur3's finaliser over crc32(key) + i * 0x9E3779B9, in wrapping uint32 arithmetic."""
    h = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9) + np.uint32(zlib.crc32(key.encode("ascii")))
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return h / 2.0**32 - 0.5


def tensor(key: str, shape: tuple[int, ...]) -> np.ndarray:
    """The deterministic tensor of one state-dict key, float32 (int64 zero for BatchNorm's counter)."""
    leaf = key.rpartition(".")[2]
    if leaf == "num_batches_tracked":
        return np.zeros(shape, np.int64)
    u = uniform(key, int(np.prod(shape))).reshape(shape)
    return (_offset(leaf, shape) + _scale(key, leaf, shape) * u).astype(np.float32)


def _offset(leaf: str, shape: tuple[int, ...]) -> float:
    return 1.0 if leaf == "running_var" or (leaf == "weight" and len(shape) == 1) else 0.0


def _scale(key: str, leaf: str, shape: tuple[int, ...]) -> float:
    if leaf == "running_var":
        return 0.5
    if leaf == "running_mean":
        return 0.1
    if leaf == "positional_encoding_gaussian_matrix" or key in _EMBEDDINGS:
        return 12**0.5
    if leaf == "attention_biases":
        return 1.0
    if leaf == "weight" and len(shape) == 1:
        return 0.2
    if leaf == "bias":
        return 0.1
    fan = shape[0] if key in _TRANSPOSED_CONVOLUTIONS else int(np.prod(shape[1:]))
    return (12 / fan) ** 0.5


@torch.no_grad()
def fill(model: nn.Module) -> None:
    """Overwrites every entry of the model's state dict with its deterministic tensor."""
    for key, value in model.state_dict().items():
        value.copy_(torch.from_numpy(tensor(key, tuple(value.shape))))


def image(size: int) -> np.ndarray:
    """The test image (size, size, 3) uint8: an exclusive-or texture with a brighter disc."""
    y, x, c = np.ogrid[:size, :size, :3]
    k = 512 // size
    disc = (x * k - 200) ** 2 + (y * k - 260) ** 2 < 110**2
    return ((((x * (3 + c)) ^ (y * (5 - c))) + ((x * y) >> 6) + 64 * disc) & 255).astype(np.uint8)


def boxes(size: int) -> np.ndarray:
    """Three boxes (3, 4) in pixels of the test image, float32."""
    at_512 = np.array(_BOXES_AT_512, dtype=np.int64)
    return (at_512 * size // 512).astype(np.float32)
