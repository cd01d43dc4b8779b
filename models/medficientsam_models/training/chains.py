"""Chains: an object followed slice by slice from its prompt's middle to one end, on what the propagator itself has found.

A track of three slices never shows how errors add up over twenty. Here many chains are under way at once; each step of the training
takes every one of them a slice further, and chains that end make room for new ones.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import Dataset

from ..evaluation.dsc import dsc
from .objectives import segmentation_loss
from .propagation import expected, inside, next_box, noisy, profile
from .volumes import Group, ObjectInVolume, Others

NOISE = 0.03            # of a box's sides, in half of the chains
DRAWN_SLACK = 0.04      # of the prompt's sides, in some chains: people do not draw boxes exactly
SLACK_SHARE = 0.3
HOLDER_WEIGHT = 3.0     # of objects with another inside, whose boxes mislead, in their group
ALONE_SHARE = 0.3       # of the chains: people do not prompt everything
LEAST_WEIGHT = 0.35     # of a slice, however small the object is there
_FRESH = 3               # chains made per step, for those that have ended


@dataclass(frozen=True)
class NewChains:
    """Objects to be followed, and the direction of each; its counts are of chains."""

    chains: tuple[tuple[ObjectInVolume, bool, int], ...]  # with a seed each

    @property
    def image_count(self) -> int:
        return len(self.chains)

    @property
    def box_count(self) -> int:
        return len(self.chains)

    def to(self, _device: torch.device) -> "NewChains":
        return self


class ChainStarts(Dataset):
    """What may start at a step of the training, always the same for the same number."""

    def __init__(self, groups: list[Group], *, seed: int, rank: int = 0):
        self._groups, self._seed, self._rank = groups, seed, rank
        weights = np.array([group.weight for group in groups])
        self._odds = weights / weights.sum()
        self._object_odds = [np.cumsum([HOLDER_WEIGHT if o.holds_another else 1.0 for o in group.objects]) for group in groups]

    def __getitem__(self, number: int) -> NewChains:
        rng = np.random.default_rng([self._seed, self._rank, number])
        starts = []
        for group in rng.choice(len(self._groups), _FRESH, p=self._odds):
            objects, odds = self._groups[group].objects, self._object_odds[group]
            drawn = objects[int(np.searchsorted(odds, rng.random() * odds[-1], side="right"))]
            starts.append((drawn, bool(rng.random() < 0.5), int(rng.integers(2**31))))
        return NewChains(tuple(starts))


class Chains(nn.Module):
    """The loss of a propagator one slice further along every chain that is under way.

    Chains are not part of a checkpoint: a run that goes on starts new ones, so it does not repeat another to the bit.
    """

    def __init__(self, size: int):
        super().__init__()
        self._size = size
        self._waiting: deque[_Chain] = deque(maxlen=4 * size)
        self._running: list[_Chain] = []

    def forward(self, model: nn.Module, batch: NewChains) -> tuple[Tensor, dict[str, float]]:
        """The mean loss over the slices, large ones counting for more, and the DSC near the middle, further out and at the ends."""
        self._waiting.extend(_Chain(*start) for start in batch.chains)
        while len(self._running) < self._size and self._waiting:
            self._running.append(self._waiting.popleft())
        chains = self._running
        slices = [chain.slice() for chain in chains]
        embeddings = torch.from_numpy(np.stack([s.embedding for s in slices]))
        masks = torch.from_numpy(np.stack([s.mask for s in slices]))
        boxes = torch.stack([chain.box for chain in chains])
        known = torch.tensor([[float(chain.logits is not None)] for chain in chains])
        side = masks.shape[-1]
        logits = torch.stack([torch.zeros(1, side, side) if chain.logits is None else chain.logits for chain in chains])
        drawn = torch.stack([chain.drawn for chain in chains])
        heights = torch.tensor([[s.height] for s in slices])
        starts = torch.stack([torch.zeros(model.appearance_size) if chain.start is None else chain.start for chain in chains])
        found, iou, prototypes = model(embeddings, inside(boxes, drawn), logits, known, drawn, heights,
                                       *_padded([s.others for s in slices]), starts)
        weights = torch.tensor([s.weight for s in slices])
        # What a smaller object is painted over is not seen of a larger one, so it may think of itself as solid.
        counted = torch.from_numpy(np.stack([255 - s.hidden for s in slices])) / 255
        loss, _ = segmentation_loss(found.float(), iou.float(), masks, drawn, weights / weights.mean(), counted)
        figures = self._advance(found.detach().float(), prototypes.float(), masks, counted > 0.5, heights[:, 0].abs())
        return loss, figures

    def _advance(self, found: Tensor, prototypes: Tensor, masks: Tensor, counted: Tensor, heights: Tensor) -> dict[str, float]:
        hard, truth = (found[:, 0] > 0) & counted, (masks > 127) & counted
        scores = dsc(hard, truth, (1, 2))
        figures = {}
        for name, low, high in (("dice0", -1, 0.33), ("dice1", 0.33, 0.67), ("dice2", 0.67, 1)):
            here = (heights > low) & (heights <= high)
            if here.any():
                figures[name] = scores[here].nan_to_num().mean().item()
        for chain, logits, found_prototypes in zip(self._running, found, prototypes, strict=True):
            chain.advance(logits, found_prototypes)
        self._running = [chain for chain in self._running if not chain.ended]
        return figures


@dataclass(frozen=True)
class _Slice:
    embedding: np.ndarray  # (E, S/4, S/4) float32
    mask: np.ndarray       # (S/2, S/2) uint8
    height: float
    weight: float
    others: tuple[np.ndarray, np.ndarray, np.ndarray]  # boxes (K, 4), heights (K,), ranks (K,)
    hidden: np.ndarray     # (S/2, S/2) uint8


def _padded(others: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> list[Tensor]:
    """As the network takes them, all with as many others as the one with the most, and at least one: of rank 0 it is nothing."""
    most = max(1, *(len(ranks) for *_, ranks in others))
    padded = [[np.pad(x, [(0, most - len(x)), *[(0, 0)] * (x.ndim - 1)]) for x in one] for one in others]
    return [torch.from_numpy(np.stack(x)) for x in zip(*padded, strict=True)]


class _Chain:
    def __init__(self, followed: ObjectInVolume, upwards: bool, seed: int):
        self._object = followed
        self._order = followed.outwards(upwards) or followed.outwards(not upwards)
        self._at = 0
        self._rng = np.random.default_rng(seed)
        self._half = torch.from_numpy(followed.half)[None]
        drawn = followed.drawn.copy()
        if self._rng.random() < SLACK_SHARE:
            size = np.tile(drawn[2:] - drawn[:2], 2)
            drawn += (self._rng.uniform(0, DRAWN_SLACK, 4) * size * [-1, -1, 1, 1]).astype(np.float32)
        self.drawn = torch.from_numpy(drawn)
        self._alone = self._rng.random() < ALONE_SHARE
        self._noise = NOISE if self._rng.random() < 0.5 else 0.0
        areas = followed.masks.sum((1, 2), dtype=np.float64)
        self._weights = np.sqrt(areas / max(areas.max(), 1)).clip(LEAST_WEIGHT)
        self.logits: Tensor | None = None
        self.start: Tensor | None = None  # the prototypes in its first slice
        self.box = self._noisy(expected(self.drawn[None], self._half, self._share(0)))

    @property
    def ended(self) -> bool:
        return self._at >= len(self._order)

    def slice(self) -> _Slice:
        i = self._order[self._at]
        others = Others.none(len(self._object.heights)) if self._alone else self._object.others
        hidden = others.hidden(i)
        return _Slice(self._object.embeddings[i].astype(np.float32), self._object.masks[i], abs(float(self._object.heights[i])),
                      float(self._weights[i]), (others.boxes, others.heights[i], others.ranks),
                      np.zeros_like(self._object.masks[i]) if hidden is None else hidden)

    def advance(self, logits: Tensor, prototypes: Tensor) -> None:
        """On to the next slice, with the logits (1, S/2, S/2) that were found in this one, and the prototypes there."""
        if self.start is None:
            self.start = prototypes.clone()
        self._at += 1
        if not self.ended:
            self.logits = logits
            self.box = self._noisy(next_box(logits, self.drawn[None], self._half, self._share(self._at - 1), self._share(self._at)))

    def _share(self, step: int) -> Tensor:
        return profile(torch.tensor([self._object.heights[self._order[step]]]))

    def _noisy(self, box: Tensor) -> Tensor:
        return noisy(box, torch.from_numpy(self._rng.normal(0, self._noise, (1, 4)).astype(np.float32)))[0]
