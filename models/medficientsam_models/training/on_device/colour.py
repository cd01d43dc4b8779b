"""Brightness, contrast and sharpness of a batch, varied as `recolour` does and more, then scaled as the pipeline scales."""

import torch
from torch import Tensor
from torch.nn import functional as F

from .geometry import Random

_BLUR_RADIUS = 3


def recolour(images: Tensor, in_frame: Tensor, in_image: Tensor, grey: Tensor, random: Random) -> Tensor:
    """Images (B, 3, S, S) of 0..255 -> uint8 in which each one's frame spans 0..255, zero outside it.

    `in_frame` and `in_image` are (B, 1, S, S), bool; `grey` (B,): a grey image stays one.
    """
    count, size = len(images), images.shape[-1]
    rgb = ~grey[:, None, None, None]

    def some(share: float) -> Tensor:
        return random.chance(share, count, 1, 1, 1)

    def between(low: float, high: float, channels: int = 1) -> Tensor:
        return random.uniform(count, channels, 1, 1, low=low, high=high)

    x = images / 255
    x = torch.where(some(0.5) & rgb, x * between(0.7, 1.3, 3), x)
    x = torch.where(some(0.15) & rgb, x.mean(1, keepdim=True), x)
    x = torch.where(some(0.1) & rgb, x.roll(1, 1), x)
    low, high = _quantiles(x, in_image, random)
    x = torch.where(some(0.4) & (high - low > 0.05), torch.minimum(torch.maximum(x, low), high), x)
    x = _spanned(x, in_frame)
    field = F.interpolate(random.normal(count, 1, 4, 4) * 0.35, size=(size, size), mode="bicubic", align_corners=True).exp()
    x = torch.where(some(0.15), _spanned(x * field, in_frame), x)
    x = torch.where(some(0.5), x.clamp(min=1e-6) ** between(-0.5, 0.5).exp(), x)
    x = torch.where(random.chance(torch.where(rgb, 0.05, 0.12), count, 1, 1, 1), 1 - x, x)
    coarse = F.interpolate(F.avg_pool2d(x, 2), size=(size, size), mode="bilinear", align_corners=False)
    x = torch.where(some(0.12), coarse, x)
    x = torch.where(some(0.12), _blurred(x, between(0.5, 1.4)), x)
    noise = torch.where(rgb, random.normal(count, 3, size, size), random.normal(count, 1, size, size))
    x = torch.where(some(0.2), x + noise * between(0.01, 0.07), x)
    return (_spanned(x, in_frame) * 255).round().to(torch.uint8)


def _spanned(x: Tensor, in_frame: Tensor) -> Tensor:
    """Stretched to 0..1 over the frame, zero outside it."""
    low = torch.where(in_frame, x, torch.inf).amin((1, 2, 3), keepdim=True)
    high = torch.where(in_frame, x, -torch.inf).amax((1, 2, 3), keepdim=True)
    return torch.where(in_frame, (x - low) / (high - low).clamp(min=1e-6), 0.0)


def _quantiles(x: Tensor, in_image: Tensor, random: Random) -> tuple[Tensor, Tensor]:
    """A low and a high grey value of each image, (B, 1, 1, 1), so that few pixels lie beyond."""
    step = max(1, x.shape[-1] // 64)
    grey = torch.where(in_image, x.mean(1, keepdim=True), torch.inf)[:, 0, ::step, ::step].flatten(1).sort(1).values
    last = (grey.isfinite().sum(1, keepdim=True) - 1).clamp(min=0)                                    # (B, 1)
    count = len(x)
    at = (random.uniform(count, 1, high=0.1), 1 - random.uniform(count, 1, high=0.05))
    low, high = (grey.gather(1, (share * last).long())[:, :, None, None] for share in at)
    return low.nan_to_num(posinf=0.0), high.nan_to_num(posinf=0.0)


def _blurred(x: Tensor, width: Tensor) -> Tensor:
    """By a Gaussian of that standard deviation each (B, 1, 1, 1), in pixels."""
    count, channels, size, _ = x.shape
    steps = torch.arange(-_BLUR_RADIUS, _BLUR_RADIUS + 1, device=x.device)
    line = torch.exp(-(steps**2) / (2 * width[:, 0, 0] ** 2))                                         # (B, 7)
    line = (line / line.sum(1, keepdim=True)).repeat_interleave(channels, 0)                          # (3B, 7)
    y = F.pad(x, (_BLUR_RADIUS,) * 4, mode="replicate").flatten(0, 1)[None]                           # (1, 3B, S+6, S+6)
    y = F.conv2d(y, line[:, None, :, None], groups=count * channels)
    y = F.conv2d(y, line[:, None, None, :], groups=count * channels)
    return y.view(count, channels, size, size)
