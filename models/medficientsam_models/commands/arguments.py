"""What arguments of several commands must be, so that a wrong one is told before anything is read or computed."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import InvalidInputError

if TYPE_CHECKING:
    import torch


def at_least(least: int) -> Callable[[str], int]:
    """Of argparse: a whole number from `least` on."""
    def parse(text: str) -> int:
        number = _number(text, int)
        if number is None or number < least:
            raise argparse.ArgumentTypeError(f"must be a whole number of at least {least}, got {text}")
        return number

    return parse


def positive(text: str) -> float:
    """Of argparse: a finite number above 0."""
    number = _number(text, float)
    if number is None or not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number above 0, got {text}")
    return number


def share(text: str) -> float:
    """Of argparse: a number from 0 to below 1."""
    number = _number(text, float)
    if number is None or not 0 <= number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 0 and below 1, got {text}")
    return number


def device(name: str) -> torch.device:
    """What `--device` names; InvalidInputError if PyTorch cannot compute on it here. Does not touch a GPU, so that processes may fork."""
    import torch  # not where only numbers are asked for

    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    known = ["cpu", *(["cuda"] if gpus else []), *(f"cuda:{i}" for i in range(gpus))]
    if name not in known:
        raise InvalidInputError(f"--device must be {' or '.join(known)}, as PyTorch finds no other here, got {name}")
    return torch.device(name)


def _number(text: str, kind: type[int] | type[float]) -> int | float | None:
    try:
        return kind(text)
    except ValueError:
        return None
