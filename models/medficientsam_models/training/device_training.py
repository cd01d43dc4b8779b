"""A propagator trained on a device from whole volumes: the pools it learns from, the chains through them, and what is held out."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from .budget import Budget
from .device_chains import DeviceChains, StepNumbers, follow
from .images import LabelledImage
from .loop import Loop, Settings
from .pool import Encode, Pool, make_pool
from .prompts import bounds
from .recipe import Recipe
from .stacks import Stack, as_it_is, varied
from .volumes import SLICE_SHARE, group_weights

SINGLE = "single slices"
_DRAWN = 4000  # stacks drawn for a pool, of which it takes as many as it has room for


@dataclass(frozen=True)
class Amounts:
    """How much is on the device at once, and how long a pool is learned from."""

    slices: int = 16000      # in a pool
    longest: int = 40        # slices of a stack
    epoch: int = 500         # steps
    per_step: int = 2        # slices of every chain in a step
    followed: int = 256      # objects followed at once where nothing is learned


def stacks_of_images(images: Sequence[LabelledImage], modalities: Sequence[str] = ("CT", "MR", "PET", "US")) -> list[Stack]:
    """Single images as stacks of depth 1: more kinds of objects than there are volumes."""
    stacks = []
    for image in images:
        labels = image.labels.astype(np.int64)
        if image.modality in modalities and bounds(labels):
            classes = np.unique(labels[labels > 0])[:255]
            small = np.searchsorted(classes, labels, side="right") * np.isin(labels, classes)
            grey = image.pixels.mean(-1).round().astype(np.uint8)
            stacks.append(Stack(image.name, SINGLE, torch.from_numpy(grey)[None], torch.from_numpy(small.astype(np.uint8))[None]))
    return stacks


def weights_of(stacks: Sequence[Stack]) -> dict[str, float]:
    """What each group of stacks counts, by how many volumes it has."""
    volumes = Counter(tuple(stack.group.split("/", 1)) for stack in stacks if stack.group != SINGLE)
    weights = {"/".join(key): value for key, value in group_weights(volumes).items()}
    if any(stack.group == SINGLE for stack in stacks):
        weights[SINGLE] = sum(weights.values()) * SLICE_SHARE / (1 - SLICE_SHARE)
    return weights


class Pools:
    """Makes the pool of an epoch: stacks drawn by the weights of their groups, each varied in its own way."""

    def __init__(self, stacks: Sequence[Stack], encode: Encode, size: int, amounts: Amounts, seed: int,
                 weights: Mapping[str, float] | None = None):
        self._stacks, self._encode, self._size, self._amounts, self._seed = stacks, encode, size, amounts, seed
        self._weights = dict(weights or weights_of(stacks))
        counts = Counter(stack.group for stack in stacks)
        odds = np.array([self._weights.get(stack.group, 0.0) / counts[stack.group] for stack in stacks])
        self._odds = odds / odds.sum()

    def __call__(self, epoch: int) -> Pool:
        drawn = np.random.default_rng([self._seed, epoch]).choice(len(self._stacks), _DRAWN, p=self._odds)

        def show(stack: Stack, number: int) -> Any:
            return varied(stack, self._size, self._amounts.longest, np.random.default_rng([self._seed, epoch, number]))

        return make_pool([self._stacks[i] for i in drawn], show, self._encode, lambda group: self._weights[group],
                         most=self._amounts.slices)


class HeldOut:
    """How well volumes that are not learned from are followed: the mean DSC over objects, then volumes, by group and over the groups."""

    def __init__(self, stacks: Sequence[Stack], encode: Encode, size: int, chains: int):
        self._pool = make_pool(stacks, lambda stack, _: as_it_is(stack, size), encode, lambda _: 1.0)
        self._chains = chains

    def scores(self, model: nn.Module) -> dict[str, float]:
        """By volume."""
        found = follow(model.eval(), self._pool, self._chains).tolist()
        volumes: dict[int, list[float]] = {}
        for stack, dsc in zip(self._pool.stacks, found, strict=True):
            volumes.setdefault(stack, []).append(dsc)
        return {self._pool.names[stack]: float(np.mean(values)) for stack, values in volumes.items()}

    def __call__(self, model: nn.Module) -> dict[str, Any]:
        """As `Loop` validates."""
        scores, groups = self.scores(model), dict(zip(self._pool.names, self._pool.groups, strict=True))
        by_group: dict[str, list[float]] = {}
        for name, value in scores.items():
            by_group.setdefault(groups[name], []).append(value)
        means = {group: float(np.mean(values)) for group, values in sorted(by_group.items())}
        return {"held_out": {"dsc": {**{group: round(value, 4) for group, value in means.items()},
                                     "mean": round(float(np.mean(list(means.values()))), 4)},
                             "cases": {group: len(values) for group, values in sorted(by_group.items())}}}


def encoder_of(network: nn.Module, device: torch.device) -> Encode:
    """The network's encoder on a device, its weights and statistics held still; in bfloat16 where the device is a GPU."""
    network = network.to(device, memory_format=torch.channels_last).eval().requires_grad_(False)

    @torch.no_grad()
    def encode(pictures: Tensor) -> Tensor:
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
            return network.encode(pictures.contiguous(memory_format=torch.channels_last))

    return encode


def device_loop(model: nn.Module, pools: Callable[[int], Pool], recipe: Recipe, budget: Budget, settings: Settings, amounts: Amounts,
                held_out: HeldOut | None = None) -> Loop:
    """The training loop of chains on the settings' device."""
    objective = DeviceChains(pools, epoch=amounts.epoch, seed=settings.seed)
    return Loop(model, objective, [], recipe, budget, settings, name="propagator", validate=held_out,
                batches=lambda stage: StepNumbers(stage.batch, amounts.per_step))
