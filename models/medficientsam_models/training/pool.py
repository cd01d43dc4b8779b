"""Stacks as a propagator trains with them on a device: encoded slices, the objects on them, and the ways outwards from their middles.

    Stack, varied -> Shown -> Pool: embeddings of slices, masks of objects in them, prompts, tracks

A pool is made anew every so often, so that no variation is seen for long. It says nothing of what was found along a track.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .chains import HOLDER_WEIGHT, LEAST_WEIGHT
from .stacks import Shown, Stack
from .tracks import relative_height

OBJECTS = 8            # of a stack, that follow one another's prompts
_SMALLEST_SIDE = 3     # pixels of the padded square
_LEAST_SLICES = 2
_AT_ONCE = 128         # slices encoded together

Encode = Callable[[Tensor], Tensor]  # (D, 3, S, S) float32 -> (D, E, S/4, S/4)


@dataclass(frozen=True)
class Pool:
    """S slices, O objects, R slices of objects, T tracks; K = OBJECTS - 1 others."""

    embeddings: Tensor     # (S, E, s/4, s/4) bfloat16
    slots: Tensor          # (R,) int64, which embedding
    masks: Tensor          # (R, s/2, s/2) uint8, coverage 0..255
    hidden: Tensor         # (R, s/2, s/2) uint8, what smaller objects cover
    heights: Tensor        # (R,) float32, -1..1
    weights: Tensor        # (R,) float32, how much the slice counts
    other_heights: Tensor  # (R, K) float32
    drawn: Tensor          # (O, 4) float32
    half: Tensor           # (O, 2) float32, half a pixel of the stack
    other_boxes: Tensor    # (O, K, 4) float32
    other_ranks: Tensor    # (O, K) float32, 0 for none
    objects: Tensor        # (T,) int64, whose a track is
    starts: Tensor         # (T,) int64, the row it starts in
    steps: Tensor          # (T,) int64, 1 upwards and -1 downwards
    lengths: Tensor        # (T,) int64, slices
    odds: Tensor           # (T,) float32
    names: tuple[str, ...] = ()   # of the stacks, for reports
    groups: tuple[str, ...] = ()
    stacks: tuple[int, ...] = ()  # of each object, which

    def to(self, device: torch.device) -> "Pool":
        return Pool(*(value.to(device) if isinstance(value, Tensor) else value for value in
                      (getattr(self, field.name) for field in fields(self))))


@dataclass
class _Object:
    stack: int
    label: int
    first: int           # its slices in the stack, both included
    last: int
    drawn: np.ndarray    # (4,)
    half: np.ndarray     # (2,)


@torch.no_grad()
def make_pool(stacks: Sequence[Stack], show: Callable[[Stack, int], Shown], encode: Encode, group_weight: Callable[[str], float],
              *, most: int | None = None) -> Pool:
    """Of stacks in the order given, until `most` slices are encoded; `show` makes what is seen of the one at a place of the order."""
    parts: dict[str, list[Tensor]] = defaultdict(list)
    arrays: dict[str, list[np.ndarray]] = defaultdict(list)
    names, groups, owners = [], [], []
    slices = rows = count = 0
    for number, stack in enumerate(stacks):
        shown = show(stack, number)
        found = _objects(shown, len(names))
        if not found:
            continue
        names.append(stack.name)
        groups.append(stack.group)
        low, high = min(o.first for o in found), max(o.last for o in found) + 1
        for start in range(low, high, _AT_ONCE):
            picture = shown.slices[start:min(start + _AT_ONCE, high), None]
            parts["embeddings"].append(encode(picture.expand(-1, 3, -1, -1)).to(torch.bfloat16))
        covers = torch.stack([F.avg_pool2d((shown.labels[low:high] == o.label)[:, None].float(), 2)[:, 0] for o in found])
        ranks = _ranks(found)
        parts["masks"] += [(covers[k, o.first - low:o.last + 1 - low] * 255).to(torch.uint8) for k, o in enumerate(found)]
        for k, o in enumerate(found):
            above = [j for j in range(len(found)) if ranks[j] > ranks[k]]
            span = slice(o.first - low, o.last + 1 - low)
            hidden = covers[above, span].amax(0) if above else torch.zeros_like(covers[k, span])
            parts["hidden"].append((hidden * 255).to(torch.uint8))
            area = covers[k, span].sum((1, 2))
            parts["weights"].append((area / area.max().clamp(min=1)).sqrt().clamp(LEAST_WEIGHT))
            planes = np.arange(o.first, o.last + 1)
            heights = np.asarray(relative_height(planes, o.first, o.last), np.float32)
            others = [found[j] for j in range(len(found)) if j != k]
            padding = OBJECTS - 1 - len(others)
            aside = np.stack([np.abs(relative_height(planes, p.first, p.last)) for p in others] or [np.zeros(len(planes))], axis=1)
            arrays["heights"].append(heights)
            arrays["slots"].append(slices + planes - low)
            arrays["other_heights"].append(np.pad(aside[:, :len(others)], ((0, 0), (0, padding))))
            boxes = np.array([p.drawn for p in others], np.float32).reshape(-1, 4)
            signs = np.array([np.sign(ranks[j] - ranks[k]) for j in range(len(found)) if j != k], np.float32)
            arrays["other_boxes"].append(np.pad(boxes, ((0, padding), (0, 0)))[None])
            arrays["other_ranks"].append(np.pad(signs, (0, padding))[None])
            arrays["drawn"].append(o.drawn[None])
            arrays["half"].append(o.half[None])
            owners.append(o.stack)
            low_edge, high_edge = o.drawn[:2] - o.half, o.drawn[2:] + o.half
            holds = any((b[:2] >= low_edge).all() and (b[2:] <= high_edge).all() and s > 0 for b, s in zip(boxes, signs, strict=True))
            depth = len(planes)
            middle_up, middle_down = depth // 2, (depth - 1) // 2
            for start, step, length in ((middle_up, 1, depth - middle_up), (middle_down, -1, middle_down + 1)):
                arrays["objects"].append(np.array([count]))
                arrays["starts"].append(np.array([rows + start]))
                arrays["steps"].append(np.array([step]))
                arrays["lengths"].append(np.array([length]))
                arrays["odds"].append(np.array([HOLDER_WEIGHT if holds else 1.0]))
            rows += depth
            count += 1
        slices += high - low
        if most and slices >= most:
            break
    if not names:
        raise ValueError("stacks must show objects, got none")
    device = parts["masks"][0].device
    whole = {key: torch.cat(value) for key, value in parts.items()}
    kinds = {"slots": np.int64, "objects": np.int64, "starts": np.int64, "steps": np.int64, "lengths": np.int64}
    whole |= {key: torch.from_numpy(np.concatenate(value).astype(kinds.get(key, np.float32))).to(device)
              for key, value in arrays.items()}
    whole["odds"] = _balanced(whole["odds"], [groups[owners[o]] for o in whole["objects"].tolist()], group_weight)
    return Pool(**whole, names=tuple(names), groups=tuple(groups), stacks=tuple(owners))


def _objects(shown: Shown, stack: int) -> list[_Object]:
    """Those that are seen in a few slices and are not too small, the `OBJECTS` largest prompts of them."""
    labels = shown.labels
    size = labels.shape[-1]
    ids = torch.arange(1, 1 + int(labels.max()), device=labels.device, dtype=labels.dtype)
    if not len(ids):
        return []
    columns, rows, planes = [], [], []
    for label in ids:
        mask = labels == label
        columns.append(mask.any(0).any(0))
        rows.append(mask.any(0).any(1))
        planes.append(mask.flatten(1).any(1))
    ends = [torch.stack(lines).cpu().numpy() for lines in (columns, rows, planes)]
    half = np.array(shown.pixel, np.float32) / (2 * size)
    found = []
    for label, column, row, plane in zip(ids.tolist(), *ends, strict=True):
        z = np.flatnonzero(plane)
        if len(z) == 0 or z[-1] - z[0] + 1 < _LEAST_SLICES:
            continue
        x, y = np.flatnonzero(column), np.flatnonzero(row)
        if min(x[-1] - x[0], y[-1] - y[0]) + 1 < _SMALLEST_SIDE:
            continue
        low, high = np.array([x[0], y[0]]) / size, np.array([x[-1] + 1, y[-1] + 1]) / size
        # A prompt counts the centres of the stack's pixels: its last one begins a pixel before the edge.
        drawn = np.concatenate([low, np.maximum(low, high - 2 * half)]).astype(np.float32)
        found.append(_Object(stack, label, int(z[0]), int(z[-1]), drawn, half))
    return sorted(found, key=_size, reverse=True)[:OBJECTS]


def _size(o: _Object) -> float:
    """Of its prompt, which decides what is painted over what."""
    return float(np.prod(o.drawn[2:] - o.drawn[:2] + 2 * o.half)) * (o.last - o.first + 1)


def _ranks(found: Sequence[_Object]) -> list[int]:
    order = sorted(range(len(found)), key=lambda k: (-_size(found[k]), found[k].label))
    return [order.index(k) for k in range(len(found))]


def _balanced(odds: Tensor, groups: Sequence[str], weight: Callable[[str], float]) -> Tensor:
    """Odds within a group become those of all tracks together."""
    names = sorted(set(groups))
    index = torch.tensor([names.index(group) for group in groups], device=odds.device)
    totals = torch.zeros(len(names), device=odds.device).index_add(0, index, odds)
    weights = torch.tensor([weight(name) for name in names], device=odds.device)
    return odds * (weights / totals)[index]
