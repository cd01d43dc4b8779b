"""Numbered batches, made on the device."""

import torch
from torch import Tensor
from torch.utils.data import Dataset

from ..mixture import Batch
from . import colour, prompting, sampling
from .canvases import Canvases
from .geometry import Random, draw

_SMALLEST_SIDE = 2   # pixels of the square; what is left of an object must be as large to count
_SMALLEST_AREA = 6


class DeviceBatches(Dataset):
    """As `mixture.Batches`: number n is always the same batch on a device of one kind, so that a run can be resumed.

    Every image has `boxes_per_image` boxes, an object's more than once where there are fewer; those of which nothing is left in the
    sample weigh nothing.
    """

    def __init__(self, canvases: Canvases, probabilities: Tensor, *, size: int, batch: int, boxes_per_image: int, seed: int, rank: int = 0):
        self._canvases = canvases
        self._cumulative = torch.cumsum(probabilities.double(), 0).to(canvases.device)
        self._size, self._batch, self._boxes_per_image = size, batch, boxes_per_image
        self._seed = ((seed * 1009 + rank) * 4099 + size) * 1_000_003

    @torch.no_grad()
    def __getitem__(self, number: int) -> Batch:
        canvases, size, each = self._canvases, self._size, self._boxes_per_image
        random = Random(self._seed + number, canvases.device)
        drawn = random.uniform(self._batch).double() * self._cumulative[-1]
        index = torch.searchsorted(self._cumulative, drawn).clamp(max=len(self._cumulative) - 1)
        samples = draw(canvases, index, size, each, random)
        pixels, in_frame, in_image, fine = sampling.sample(canvases, samples, sampling.elastic(self._batch, size, random))
        images = colour.recolour(pixels, in_frame, in_image, canvases.grey[index], random)

        masks = sampling.coverage(fine)
        low, high = sampling.bounds(fine)
        seen = ((high - low) >= _SMALLEST_SIDE).all(1) & (fine.sum((1, 2)) >= 4 * _SMALLEST_AREA)     # (N,)
        low, high = torch.where(seen[:, None], low, 0.0), torch.where(seen[:, None], high, float(size))
        near, has_near = self._near(samples.index, samples.chosen, random)
        of_box = torch.arange(self._batch, device=canvases.device).repeat_interleave(each)
        boxes = prompting.prompt(low, high, samples.scale[of_box], near, has_near, canvases.of_volume[index][of_box], size, random)
        weights = seen / seen.float().mean().clamp(min=1e-6)
        return Batch(images.contiguous(memory_format=torch.channels_last), masks, boxes / size, of_box, weights)

    def _near(self, index: Tensor, chosen: Tensor, random: Random) -> tuple[Tensor, Tensor]:
        """Of each object one of its boxes in neighbouring slices, (N, 4), and whether it has any."""
        first, count = (table[index].gather(1, chosen).flatten() for table in (self._canvases.first_offset, self._canvases.offset_count))
        row = first + (random.uniform(len(first)) * count).long()
        return self._canvases.offsets[row.clamp(max=len(self._canvases.offsets) - 1)], count > 0
