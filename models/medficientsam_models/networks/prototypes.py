"""The prototypes of an object and of what is beside it in its prompt: mean embeddings that another slice is compared with.

Masked average pooling, as few-shot segmentation calls it. The graphs of a bundle name them `appearance`, see SCHEMA.md.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from .box_features import placed
from .fourier import pixel_centres

_NOTHING = 1e-3  # of a pixel: means over less fade to 0
_EDGE = 5        # pixels of the embedding: the window that tells an edge


def prototypes(embedding: Tensor, logits: Tensor, prompt_boxes: Tensor, *, edges: bool = False) -> Tensor:
    """Of embeddings (N or 1, E, S/4, S/4) where the mask of logits (N, 1, S/2, S/2) is, and where in the prompt it is not: (N, 2 E).

    With `edges` also along its edge, inside and outside: (N, 4 E).
    """
    side = embedding.shape[-1]
    inside = F.avg_pool2d(logits.sigmoid(), 2)                                           # (N, 1, S/4, S/4)
    centre_x, centre_y, half_w, half_h = placed(prompt_boxes[:, None], 4 * side)         # (N, 1) each
    beside = (1 - inside[:, 0]) * _covered(centre_y, half_h, side)[:, :, None] * _covered(centre_x, half_w, side)[:, None]
    parts = [inside[:, 0], beside]
    if edges:
        parts += [(inside + F.max_pool2d(-inside, _EDGE, 1, _EDGE // 2))[:, 0], (F.max_pool2d(inside, _EDGE, 1, _EDGE // 2) - inside)[:, 0]]
    weights = torch.stack(parts, dim=1).flatten(2)                                       # (N, 2 or 4, side * side)
    sums = weights @ embedding.flatten(2).transpose(1, 2)                                # (N, 2 or 4, E)
    return (sums / (weights.sum(-1, keepdim=True) + _NOTHING)).flatten(1)


def _covered(centre: Tensor, half: Tensor, side: int) -> Tensor:
    """How much of each of the grid's rows or columns a box of centre and half side (N, 1) covers: (N, side)."""
    return ((half - (pixel_centres(side, centre) - centre).abs()) * side + 0.5).clamp(0, 1)
