"""Pairs of pictures, one of either folder, that show the same.

Descriptors find candidates among all pairs; these are compared again, by the correlation of their detail, moved to where they fit best.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from .descriptors import centre, detail, orientations, vectors, windows
from .pictures import Picture, resized

DEFAULT_SIMILARITY = 0.75
_CANDIDATES = 12        # per evaluation picture and way of comparing
_LEAST_ALIKE = 0.5      # correlation of descriptors below which two pictures are not compared again
_WHOLE = 64             # side to which whole pictures are brought, pixels
_SLACK = 2              # pixels by which they may be off
_SHARES = np.geomspace(0.32, 1.0, 16)  # of the other's shorter side that a cut-out may span
_CLOSER = np.linspace(0.95, 1.05, 11)  # around the best of these
_SMALLEST = 24          # side of a cut-out that is compared, pixels
_BLOCKS = 5             # per side, of the final comparison
_QUANTILE = 0.3
_MARGIN = 0.15
_CHUNK = 64             # pictures whose windows are compared at once

WHOLE, PART_OF_TRAINING, PART_OF_EVALUATION = "whole", "evaluation is cut out of training", "training is cut out of evaluation"


@dataclass(frozen=True)
class Pair:
    """Two pictures that show the same; `similarity` is the correlation of their detail, 1 if they are alike but for brightness."""

    training: Picture
    evaluation: Picture
    similarity: float
    how: str


def find(training: Sequence[Picture], evaluation: Sequence[Picture], least: float = DEFAULT_SIMILARITY,
         report: Callable[[str], None] = lambda _line: None) -> list[Pair]:
    """All pairs of at least that similarity, most alike first; a pair that is alike in two ways is listed once, as whole if
    that says nearly as much."""
    found: dict[tuple[str, str], Pair] = {}

    def keep(i: int, j: int, similarity: float, how: str) -> None:
        pair = Pair(training[i], evaluation[j], round(float(similarity), 3), how)
        key = pair.training.name, pair.evaluation.name
        if similarity >= least and (key not in found or found[key].similarity < pair.similarity - _MARGIN):
            found[key] = pair

    report(f"{len(training)} training pictures, {len(evaluation)} evaluation pictures")
    for j, i in _alike([p.grey for p in evaluation], [p.grey for p in training], lambda grey: [grey], lambda grey: grey):
        keep(i, j, whole_similarity(training[i].grey, evaluation[j].grey), WHOLE)
    report("whole pictures compared")
    for j, i in _alike([p.grey for p in evaluation], [p.grey for p in training], windows, centre):
        keep(i, j, part_similarity(training[i].grey, evaluation[j].grey), PART_OF_TRAINING)
    report("evaluation pictures looked for in training pictures")
    for j, i in _parts_of_evaluation(evaluation, training):
        keep(i, j, part_similarity(evaluation[j].grey, training[i].grey), PART_OF_EVALUATION)
    return sorted(found.values(), key=lambda pair: -pair.similarity)


def whole_similarity(a: np.ndarray, b: np.ndarray) -> float:
    """Of two whole pictures, in the best orientation, whatever their sizes and proportions."""
    ground, piece = (detail(resized(picture, _WHOLE, _WHOLE)) for picture in (a, b))
    return max(_correlation(ground, way) for way in orientations(piece[_SLACK:-_SLACK, _SLACK:-_SLACK]))


def part_similarity(larger: np.ndarray, part: np.ndarray) -> float:
    """Of the middle of `part` and the place in `larger` where it fits best, in the best size and orientation."""
    square = centre(part)
    half = detail(resized(larger, *(max(1, side // 2) for side in larger.shape)))
    found = []
    for share in _SHARES:
        piece = _piece(square, share * min(half.shape), _SMALLEST // 2)
        if piece is not None:
            found += [(_fit(half, way)[0], share, turn) for turn, way in enumerate(orientations(piece))]
    correlation, share, turn = max(found, default=(0.0, 0.0, 0))
    if correlation < _LEAST_ALIKE:
        return 0.0
    ground, best = detail(larger), 0.0
    for closer in _CLOSER:
        piece = _piece(square, min(1.0, share * closer) * min(larger.shape), _SMALLEST)
        if piece is not None:
            best = max(best, _correlation(ground, list(orientations(piece))[turn]))
    return best


def _piece(square: np.ndarray, side: float, smallest: int) -> np.ndarray | None:
    """The detail of a square brought to that side, without its margin; None where that is too small, or far larger than it is."""
    side = round(side)
    if side < smallest or side > 1.5 * square.shape[0]:
        return None
    return detail(resized(square, side, side))[_SLACK:-_SLACK, _SLACK:-_SLACK]


def _fit(ground: np.ndarray, piece: np.ndarray) -> tuple[float, int, int]:
    """The correlation of a piece and the place in the ground where it fits best, and that place: top, left."""
    if piece.std() < 1e-3 or ground.std() < 1e-3:
        return 0.0, 0, 0
    ground, piece = (np.ascontiguousarray(x, np.float32) for x in (ground, piece))
    found = np.nan_to_num(np.abs(cv2.matchTemplate(ground, piece, cv2.TM_CCOEFF_NORMED)), posinf=0.0)  # inverted ones are the same
    top, left = np.unravel_index(found.argmax(), found.shape)
    return float(found[top, left]), int(top), int(left)


def _correlation(ground: np.ndarray, piece: np.ndarray) -> float:
    """Of a piece and the place in the ground where it fits best: a low quantile over blocks, as an outline that all
    pictures of a kind share does not lie in all of them."""
    correlation, top, left = _fit(ground, piece)
    if correlation < _LEAST_ALIKE:
        return 0.0
    there = ground[top:top + piece.shape[0], left:left + piece.shape[1]]
    return float(np.quantile(_blockwise(there, piece), _QUANTILE)) if min(piece.shape) >= 4 * _BLOCKS else correlation


def _blockwise(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The correlations of two pictures of one size in a grid of blocks, those left out in which nothing is to be seen."""
    both = []
    for rows in np.array_split(np.arange(a.shape[0]), _BLOCKS):
        for columns in np.array_split(np.arange(a.shape[1]), _BLOCKS):
            x, y = (picture[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1] for picture in (a, b))
            x, y = x - x.mean(), y - y.mean()
            shows = x.std() > max(0.1 * a.std(), 1e-3) and y.std() > max(0.1 * b.std(), 1e-3)
            both.append(abs((x * y).mean() / (x.std() * y.std())) if shows else np.nan)
    shown = [value for value in both if not np.isnan(value)]
    return np.array(shown if len(shown) >= _BLOCKS else [0.0])


def _alike(few: Sequence[np.ndarray], many: Sequence[np.ndarray], parts: Callable[[np.ndarray], Iterable[np.ndarray]],
           whole: Callable[[np.ndarray], np.ndarray]) -> list[tuple[int, int]]:
    """For each of `few` those of `many` with the most similar parts, as (index of few, index of many)."""
    asked = vectors(way for grey in few for way in orientations(whole(grey)))                         # (8 F, GRID^2)
    best = np.zeros((len(few), len(many)), np.float32)
    for start in range(0, len(many), _CHUNK):
        chunk = [vectors(parts(grey)) for grey in many[start:start + _CHUNK]]
        similar = np.abs(np.concatenate(chunk) @ asked.T)                                            # (P, 8 F)
        similar = similar.reshape(len(similar), len(few), 8).max(2)                                  # (P, F)
        ends = np.cumsum([len(of_one) for of_one in chunk])
        best[:, start:start + len(chunk)] = np.maximum.reduceat(similar, np.concatenate([[0], ends[:-1]])).T
    return _top(best)


def _parts_of_evaluation(evaluation: Sequence[Picture], training: Sequence[Picture]) -> list[tuple[int, int]]:
    asked = vectors(centre(picture.grey) for picture in training)                                     # (T, GRID^2)
    best = np.zeros((len(evaluation), len(training)), np.float32)
    for j, picture in enumerate(evaluation):
        # A turned part of a picture is a part of the turned picture.
        parts = vectors(part for way in orientations(picture.grey) for part in windows(way))
        for start in range(0, len(parts), 512):
            np.maximum(best[j], np.abs(parts[start:start + 512] @ asked.T).max(0), out=best[j])
    return _top(best)


def _top(best: np.ndarray) -> list[tuple[int, int]]:
    count = min(_CANDIDATES, best.shape[1])
    return [(j, int(i)) for j, row in enumerate(best) for i in np.argpartition(-row, count - 1)[:count] if row[i] >= _LEAST_ALIKE]

