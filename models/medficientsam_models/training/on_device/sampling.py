"""The image and the masks of samples, through one grid: what moves an image moves its masks."""

import torch
from torch import Tensor
from torch.nn import functional as F

from .canvases import Canvases
from .geometry import Random, Samples

_ELASTIC_SHARE = 0.2
_ELASTIC_POINTS = 6       # of the grid of displacements, per side
_ELASTIC_SIZE = 0.022     # standard deviation of a displacement, of the square's side


def elastic(count: int, size: int, random: Random) -> Tensor:
    """Displacements (B, 2, S, S) in target pixels, x and y; none for most."""
    strength = random.uniform(count, low=0.3) * random.chance(_ELASTIC_SHARE, count) * (_ELASTIC_SIZE * size)
    points = random.normal(count, 2, _ELASTIC_POINTS, _ELASTIC_POINTS) * strength[:, None, None, None]
    return F.interpolate(points, size=(size, size), mode="bicubic", align_corners=True)


def sample(canvases: Canvases, samples: Samples, moved: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Images (B, 3, S, S) float32 0..255, zero where there is none; whether a pixel lies in the frame and in the image
    (B, 1, S, S) twice, bool; and masks (B * K, 2S, 2S) bool, at twice the resolution."""
    size = moved.shape[-1]
    place, _ = _places(samples, moved, size)
    extent = canvases.sizes[samples.index][:, None, None]                                             # (B, 1, 1, 2)
    in_frame = _in_frame(samples, size)
    in_image = in_frame & ((place >= 0) & (place <= extent)).all(-1)
    held = torch.minimum(place.clamp(min=0.5), extent - 0.5)  # no pixel of the canvas beyond the image is mixed in
    pixels = F.grid_sample(canvases.images[samples.index].float(), held * (2 / canvases.side) - 1, mode="bilinear",
                           padding_mode="border", align_corners=False)
    pixels = pixels * in_image[:, None]

    fine, _ = _places(samples, F.interpolate(moved, size=(2 * size, 2 * size), mode="bilinear", align_corners=False), size)
    labels = F.grid_sample(canvases.labels[samples.index, None].float(), fine * (2 / canvases.side) - 1, mode="nearest",
                           padding_mode="zeros", align_corners=False)[:, 0]
    labels = (labels * _in_frame(samples, size, 2)).to(torch.uint8)                                   # (B, 2S, 2S)
    wanted = canvases.objects[samples.index].gather(1, samples.chosen)                                # (B, K)
    masks = (labels[:, None] == wanted[:, :, None, None]).flatten(0, 1)
    return pixels, in_frame[:, None], in_image[:, None], masks


def coverage(masks: Tensor) -> Tensor:
    """(N, 2S, 2S) bool -> (N, S, S) uint8, how much of each pixel is covered, 0..255."""
    four = masks.view(torch.uint8).unflatten(2, (-1, 2)).unflatten(1, (-1, 2))                        # (N, S, 2, S, 2)
    covered = four[:, :, 0, :, 0] + four[:, :, 0, :, 1] + four[:, :, 1, :, 0] + four[:, :, 1, :, 1]   # 0..4
    return (covered.to(torch.int16) * 255 + 2).div(4, rounding_mode="floor").to(torch.uint8)


def bounds(masks: Tensor) -> tuple[Tensor, Tensor]:
    """Edges of what is there, in target pixels, of masks (N, 2S, 2S): low (N, 2) and high (N, 2); low > high where nothing is."""
    place = torch.arange(masks.shape[-1], device=masks.device)
    low, high = [], []
    for along in (masks.any(1), masks.any(2)):                                                        # columns, rows (N, 2S)
        low.append(torch.where(along, place, masks.shape[-1]).amin(1) / 2)
        high.append(torch.where(along, place + 1, 0).amax(1) / 2)
    return torch.stack(low, 1), torch.stack(high, 1)


def _places(samples: Samples, moved: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Where the pixels of a grid over the target lie in the source, (B, n, n, 2); `moved` (B, 2, n, n) in target pixels."""
    n = moved.shape[-1]
    centres = (torch.arange(n, device=moved.device) + 0.5) * (size / n)
    y, x = torch.meshgrid(centres, centres, indexing="ij")
    target = torch.stack([x, y], -1) + moved.permute(0, 2, 3, 1)                                      # (B, n, n, 2)
    source = (target.flatten(1, 2) @ samples.linear.transpose(1, 2) + samples.shift[:, None]).unflatten(1, (n, n))
    return source, target


def _in_frame(samples: Samples, size: int, fineness: int = 1) -> Tensor:
    """(B, n, n) bool; the frame is whole pixels."""
    centres = (torch.arange(size * fineness, device=samples.frame.device) + 0.5) / fineness
    across, down = (centres[None] < samples.frame[:, i, None] for i in (0, 1))
    return down[:, :, None] & across[:, None]
