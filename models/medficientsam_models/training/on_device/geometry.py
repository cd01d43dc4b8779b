"""Where each sample of a batch lies in its image, and which of its objects are asked for.

Three frames: the `target` square that the network sees, the image as it is turned (`turned`), and its canvas (`source`).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from .canvases import Canvases

_LARGEST_TURN = 0.4      # radians
_LARGEST_SHEAR = 0.1
_LARGEST_ZOOM = 0.9      # natural log
_LARGEST_STRETCH = 0.25  # natural log
_SMALLEST_SIDE = 2       # pixels of the target; smaller objects are not asked for


class Random:
    """Random numbers of one batch, on its device, the same whenever the batch of that seed is made."""

    def __init__(self, seed: int, device: torch.device):
        self._generator = torch.Generator(device).manual_seed(seed)
        self.device = device

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        return torch.rand(shape, generator=self._generator, device=self.device) * (high - low) + low

    def normal(self, *shape: int) -> Tensor:
        return torch.randn(shape, generator=self._generator, device=self.device)

    def chance(self, share: float | Tensor, *shape: int) -> Tensor:
        """bool, true with that probability."""
        return torch.rand(shape, generator=self._generator, device=self.device) < share


@dataclass
class Samples:
    """B samples of K objects each."""

    index: Tensor    # (B,) of the image
    linear: Tensor   # (B, 2, 2) a step in the target -> a step in the source
    shift: Tensor    # (B, 2) the target's origin in the source
    frame: Tensor    # (B, 2) width and height of the image in the target, whole pixels; zeros beyond
    scale: Tensor    # (B, 2) target pixels per pixel of the turned image
    chosen: Tensor   # (B, K) columns of the table of objects


def draw(canvases: Canvases, index: Tensor, size: int, boxes_per_image: int, random: Random) -> Samples:
    """Turns, crops and scales as `augmentation` does, for the images `index` (B,)."""
    count = len(index)
    source_size = canvases.sizes[index]                                                               # (B, 2)
    turn, quarter = _turn(count, random)                                                              # (B, 2, 2), (B,)
    turned_size = torch.where(quarter[:, None], source_size.flip(1), source_size)
    low, high, there = canvases.low[index], canvases.high[index], canvases.objects[index] > 0         # (B, m, 2), (B, m)
    back = _inverse(turn).transpose(1, 2)
    centre = ((low + high) / 2 - source_size[:, None] / 2) @ back + turned_size[:, None] / 2          # of objects, as turned
    half = (high - low) / 2 @ back.abs()

    begin, extent = _crop(turned_size, centre, half, there, random)
    scale = (size / extent.amax(1, keepdim=True)).expand(-1, 2)
    scale = scale * torch.where(random.chance(0.2, count, 1), random.uniform(count, 1, low=0.55), 1.0)
    stretch = random.uniform(count, 1, low=-_LARGEST_STRETCH, high=_LARGEST_STRETCH) * random.chance(0.35, count, 1)
    scale = scale * torch.cat([stretch, -stretch], 1).clamp(max=0).exp()
    frame = (extent * scale + 0.5).floor().clamp(8, size)
    scale = frame / extent

    linear = turn / scale[:, None]
    shift = (turn @ (begin - turned_size / 2)[:, :, None])[:, :, 0] + source_size / 2
    inside = ((centre > begin[:, None]) & (centre < (begin + extent)[:, None])).all(2)
    visible = there & inside & (2 * half * scale[:, None] >= _SMALLEST_SIDE).all(2)
    return Samples(index, linear, shift, frame, scale, _choose(there, visible, boxes_per_image, random))


def _turn(count: int, random: Random) -> tuple[Tensor, Tensor]:
    """Matrices (B, 2, 2) from the turned image to the source, both about their centres; and whether sides are swapped."""
    device = random.device
    turns = (random.uniform(count) * 4).long() * random.chance(0.5, count)
    angle = turns * (torch.pi / 2)
    matrix = _rotation(angle).round()
    mirror = torch.where(random.chance(0.5, count, 2), -1.0, 1.0)
    matrix = matrix * mirror[:, None]
    small = random.chance(0.4, count)
    angle = random.uniform(count, low=-_LARGEST_TURN, high=_LARGEST_TURN) * small
    tilt = _rotation(angle)
    tilt[:, 0, 1] += random.uniform(count, low=-_LARGEST_SHEAR, high=_LARGEST_SHEAR) * small
    return matrix.to(device) @ tilt, turns % 2 == 1


def _rotation(angle: Tensor) -> Tensor:
    return torch.stack([torch.stack([angle.cos(), -angle.sin()], 1), torch.stack([angle.sin(), angle.cos()], 1)], 1)


def _inverse(matrix: Tensor) -> Tensor:
    """Of (B, 2, 2); linalg.inv would wait for the device to see that it can."""
    (a, b), (c, d) = (row.unbind(1) for row in matrix.unbind(1))
    rows = torch.stack([torch.stack([d, -b], 1), torch.stack([-c, a], 1)], 1)
    return rows / (a * d - b * c)[:, None, None]


def _crop(size: Tensor, centre: Tensor, half: Tensor, there: Tensor, random: Random) -> tuple[Tensor, Tensor]:
    """Begin (B, 2) and extent (B, 2) of the part that is shown: now and then less than all, then mostly round an object."""
    count = len(size)
    zoom = random.uniform(count, 1, high=_LARGEST_ZOOM).exp()
    side = torch.where(random.chance(0.6, count, 1), size.amax(1, keepdim=True) / zoom, torch.inf)
    extent = torch.minimum(size, side)
    room = size - extent
    anywhere = random.uniform(count, 2) * room
    object_ = (random.uniform(*there.shape) * there).argmax(1)                                        # one of those there
    point = _take(centre, object_) + random.uniform(count, 2, low=-0.7, high=0.7) * _take(half, object_)
    round_it = torch.minimum((point - random.uniform(count, 2) * extent).clamp(min=0), room)
    return torch.where(random.chance(0.7, count, 1), round_it, anywhere), extent


def _choose(there: Tensor, visible: Tensor, wanted: int, random: Random) -> Tensor:
    """(B, K) columns: of visible objects at random, each once before any twice; of all where none is visible."""
    wanted_of = torch.where(visible.any(1, keepdim=True), visible, there)                             # (B, m)
    order = (random.uniform(*there.shape) + 1) * wanted_of
    columns = order.topk(min(wanted, order.shape[1]), dim=1).indices
    number = torch.arange(wanted, device=there.device)[None] % wanted_of.sum(1, keepdim=True).clamp(max=columns.shape[1])
    return columns.gather(1, number)


def _take(values: Tensor, column: Tensor) -> Tensor:
    """(B, m, 2), (B,) -> (B, 2)"""
    return values[torch.arange(len(values), device=values.device), column]
