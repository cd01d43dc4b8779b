"""Box prompts as `prompts` makes them, for a whole batch."""

import torch
from torch import Tensor

from .geometry import Random

_ODDS_VOLUME = 0.8  # of the dice below: slices of volumes are prompted with the other slices' boxes more often


def prompt(low: Tensor, high: Tensor, pixel: Tensor, near: Tensor, has_near: Tensor, of_volume: Tensor, size: int,
           random: Random) -> Tensor:
    """Boxes (N, 4) in pixels of the square `size`, of objects with edges low and high (N, 2).

    `pixel` (N, 2) is the size of an image's pixel in the square: boxes end with the last pixel, not behind it. `near` (N, 4) is how a
    neighbouring slice's box differs, in widths and heights, where `has_near` (N,).
    """
    count = len(low)
    extent = (high - low).repeat(1, 2)                                                                # (N, 4)
    box = torch.cat([low, torch.maximum(high - pixel, low)], 1)
    dice = random.uniform(count, 1) * torch.where(of_volume, _ODDS_VOLUME, 1.0)[:, None]
    outwards = torch.cat([-torch.ones_like(low), torch.ones_like(low)], 1)
    alone = random.uniform(count, 4, low=-0.06, high=0.2)
    together = random.uniform(count, 1, low=-0.06, high=0.2)
    loose = torch.where(random.chance(0.5, count, 1), alone, together) * outwards
    taken_over = near * random.uniform(count, 1, low=0.5, high=1.2) + random.normal(count, 4) * 0.02
    by_hand = random.normal(count, 4) * 0.06
    nearly = random.uniform(count, 4, low=-0.04, high=0.04)
    moved = torch.where(dice < 0.15, torch.where(has_near[:, None], taken_over, loose),
                        torch.where(dice < 0.3, by_hand, torch.where(dice < 0.55, nearly, 0.0)))
    shaken = random.uniform(count, 4, low=-0.5, high=0.5) * (extent.amin(1, keepdim=True) / 10).clamp(max=1)
    box = (box + moved * extent + torch.where(dice < 0.55, shaken, 0.0)).clamp(0, size - 1)
    return _upright(box)


def _upright(box: Tensor) -> Tensor:
    """Never turned inside out, never thinner than half a pixel."""
    low, high = box[:, :2], box[:, 2:]
    thin = high - low < 0.5
    low = torch.where(thin, (low - 0.5).clamp(min=0), low)
    return torch.cat([low, torch.where(thin, low + 1, high)], 1)
