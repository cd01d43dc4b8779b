"""Chains on a device: many objects followed at once, a slice at a time, from pools of encoded stacks.

What chains.py does with a handful of objects on a CPU, in lock-step: no number leaves the device on the way. A step of the training is
a few slices of every chain; errors flow back through the logits from one slice to the one before within a step, not beyond.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.utils.data import Dataset

from ..evaluation.dsc import dsc
from .chains import ALONE_SHARE, DRAWN_SLACK, NOISE, SLACK_SHARE
from .objectives import segmentation_loss
from .pool import Pool
from .propagation import expected, inside, next_box, noisy, profile


@dataclass(frozen=True)
class StepNumber:
    """All that a step has to be told: everything else is on the device."""

    number: int
    chains: int
    slices: int

    @property
    def image_count(self) -> int:
        return self.chains * self.slices

    @property
    def box_count(self) -> int:
        return self.chains * self.slices

    def to(self, _device: torch.device) -> "StepNumber":
        return self


class StepNumbers(Dataset):
    """The batches of a run whose data is on the device."""

    def __init__(self, chains: int, slices: int):
        self._chains, self._slices = chains, slices

    def __getitem__(self, number: int) -> StepNumber:
        return StepNumber(number, self._chains, self._slices)


@dataclass
class _Running:
    """N chains under way."""

    track: Tensor   # (N,)
    at: Tensor      # (N,) slices done
    drawn: Tensor   # (N, 4), with the slack of whoever drew it
    noise: Tensor   # (N, 1)
    alone: Tensor   # (N, 1) bool
    box: Tensor     # (N, 4) expected in the next slice
    logits: Tensor  # (N, 1, s/2, s/2)
    start: Tensor   # (N, A)


class DeviceChains(nn.Module):
    """The loss of a propagator over the next slices of all chains.

    `pool` makes the pool of an epoch by its number; a run that goes on starts new chains on the pool of where it is.
    """

    def __init__(self, pool: Callable[[int], Pool], *, epoch: int, seed: int):
        super().__init__()
        self._make, self._epoch, self._seed = pool, epoch, seed
        self._pool: Pool | None = None
        self._at_epoch = -1
        self._running: _Running | None = None

    def forward(self, model: nn.Module, batch: StepNumber) -> tuple[Tensor, dict[str, Tensor]]:
        epoch = batch.number // self._epoch
        if epoch != self._at_epoch:
            self._pool = self._running = None  # makes room
            self._pool, self._at_epoch = self._make(epoch), epoch
        pool = self._pool
        generator = torch.Generator(pool.slots.device).manual_seed((self._seed * 1_000_003 + batch.number) % 2**63)
        total, scores, heights = 0.0, [], []
        for _ in range(batch.slices):
            chains = self._running = _begun(pool, self._running, batch.chains, model.appearance_size, generator)
            row, found, iou, prototypes = _decoded(pool, model, chains, generator)
            masks, counted = pool.masks[row], (255 - pool.hidden[row]).float() / 255
            weights = pool.weights[row]
            loss, _ = segmentation_loss(found, iou, masks, chains.drawn, weights / weights.mean(), counted)
            total = total + loss / batch.slices
            with torch.no_grad():
                seen = counted > 0.5
                scores.append(dsc((found[:, 0] > 0) & seen, (masks > 127) & seen, (1, 2)).nan_to_num())
                heights.append(pool.heights[row].abs())
                _advance(pool, chains, row, found, prototypes)
        self._running.logits = self._running.logits.detach()
        return total, _figures(torch.cat(scores), torch.cat(heights))


@torch.no_grad()
def follow(model: nn.Module, pool: Pool, chains: int) -> Tensor:
    """The DSC of every object of a pool (O,), followed to both ends without noise; what smaller ones cover does not count.

    On the grid of the logits and object by object, so a little other than what a pipeline's label maps score.
    """
    device = pool.slots.device
    intersection, total = torch.zeros(len(pool.drawn), device=device), torch.zeros(len(pool.drawn), device=device)
    order = pool.lengths.argsort(descending=True)
    for tracks in order.split(chains):
        running = _Running(tracks, torch.zeros_like(tracks), pool.drawn[pool.objects[tracks]],
                           torch.zeros(len(tracks), 1, device=device), torch.zeros(len(tracks), 1, dtype=torch.bool, device=device),
                           *_unknown(pool, tracks, model.appearance_size))
        running.box = _first_box(pool, running)
        for _ in range(int(pool.lengths[tracks].max())):
            row, found, _, prototypes = _decoded(pool, model, running, None)
            on = (running.at < pool.lengths[tracks])[:, None, None]
            seen = (pool.hidden[row] < 128) & _prompt(running.drawn, found.shape[-1]) & on
            hard, truth = (found[:, 0] > 0) & seen, (pool.masks[row] > 127) & (pool.hidden[row] < 128) & on
            owner = pool.objects[tracks]
            intersection.index_add_(0, owner, (hard & truth).sum((1, 2)).float())
            total.index_add_(0, owner, (hard.sum((1, 2)) + truth.sum((1, 2))).float())
            _advance(pool, running, row, found, prototypes)
    return 2 * intersection / total.clamp(min=1)


def _begun(pool: Pool, running: _Running | None, count: int, appearance: int, generator: torch.Generator) -> _Running:
    """The chains, those that have ended replaced by new ones."""
    device = pool.slots.device
    track = torch.multinomial(pool.odds, count, replacement=True, generator=generator)
    drawn = pool.drawn[pool.objects[track]]
    slack = torch.rand(count, 4, device=device, generator=generator) * DRAWN_SLACK
    slack = slack * (torch.rand(count, 1, device=device, generator=generator) < SLACK_SHARE)
    outwards = torch.tensor([-1.0, -1.0, 1.0, 1.0], device=device)
    drawn = drawn + slack * (drawn[:, 2:] - drawn[:, :2]).repeat(1, 2) * outwards
    new = _Running(track, torch.zeros_like(track), drawn,
                   NOISE * (torch.rand(count, 1, device=device, generator=generator) < 0.5),
                   torch.rand(count, 1, device=device, generator=generator) < ALONE_SHARE,
                   *_unknown(pool, track, appearance))
    new.box = _first_box(pool, new)
    if running is None:
        return new
    ended = running.at >= pool.lengths[running.track]

    def chosen(fresh: Tensor, old: Tensor) -> Tensor:
        return torch.where(ended.reshape(-1, *[1] * (old.ndim - 1)), fresh, old)

    return _Running(*(chosen(getattr(new, key), getattr(running, key)) for key in vars(new)))


def _unknown(pool: Pool, track: Tensor, appearance: int) -> tuple[Tensor, Tensor, Tensor]:
    count, side = len(track), pool.masks.shape[-1]
    device = track.device
    return torch.zeros(count, 4, device=device), torch.zeros(count, 1, side, side, device=device), torch.zeros(count, appearance,
                                                                                                             device=device)


def _first_box(pool: Pool, chains: _Running) -> Tensor:
    return expected(chains.drawn, pool.half[pool.objects[chains.track]], profile(pool.heights[pool.starts[chains.track]]))


def _decoded(pool: Pool, model: nn.Module, chains: _Running, generator: torch.Generator | None) -> tuple[Tensor, ...]:
    """The rows the chains are in, and logits, IoU and prototypes there."""
    owner = pool.objects[chains.track]
    at = torch.minimum(chains.at, pool.lengths[chains.track] - 1)
    row = pool.starts[chains.track] + pool.steps[chains.track] * at
    box = chains.box
    if generator is not None:
        box = noisy(box, torch.randn(box.shape, device=box.device, generator=generator) * chains.noise)
    ranks = pool.other_ranks[owner].masked_fill(chains.alone, 0)
    found, iou, prototypes = model(
        pool.embeddings[pool.slots[row]].float(), inside(box, chains.drawn), chains.logits, (chains.at > 0).float()[:, None], chains.drawn,
        pool.heights[row].abs()[:, None], pool.other_boxes[owner], pool.other_heights[row], ranks, chains.start,
        torch.arange(len(row), device=row.device))
    return row, found.float(), iou.float(), prototypes.float()


def _advance(pool: Pool, chains: _Running, row: Tensor, found: Tensor, prototypes: Tensor) -> None:
    """On to the next slices, with the logits that were found in these; keeps their gradient."""
    first = (chains.at == 0)[:, None]
    chains.start = torch.where(first, prototypes.detach(), chains.start)
    chains.at = chains.at + 1
    chains.logits = found
    ended = chains.at >= pool.lengths[chains.track]
    following = torch.where(ended, row, row + pool.steps[chains.track])
    chains.box = next_box(found[:, 0].detach(), chains.drawn, pool.half[pool.objects[chains.track]], profile(pool.heights[row]),
                          profile(pool.heights[following]))


def _prompt(drawn: Tensor, side: int) -> Tensor:
    """(N, side, side): the cells of the logits whose centres are in the prompts."""
    centres = (torch.arange(side, device=drawn.device) + 0.5) / side
    x = (centres >= drawn[:, 0:1]) & (centres <= drawn[:, 2:3] + 1 / side)
    y = (centres >= drawn[:, 1:2]) & (centres <= drawn[:, 3:4] + 1 / side)
    return y[:, :, None] & x[:, None, :]


def _figures(scores: Tensor, heights: Tensor) -> dict[str, Tensor]:
    figures = {}
    for name, low, high in (("dice0", -1, 0.33), ("dice1", 0.33, 0.67), ("dice2", 0.67, 1)):
        here = ((heights > low) & (heights <= high)).float()
        figures[name] = torch.where(here.any(), (scores * here).sum() / here.sum().clamp(min=1), scores.mean())
    return figures
