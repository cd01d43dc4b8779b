"""Which network a checkpoint is of, by its keys and shapes."""

from collections.abc import Mapping

from torch import Tensor

from ..errors import InvalidInputError
from ..networks.variants import VARIANTS
from .checkpoints import COUNTER


def recognised(state: Mapping[str, Tensor]) -> list[str]:
    """The variants whose network takes exactly these tensors; several where they differ in nothing that is learned."""
    found = _shapes(state)
    return [name for name, variant in VARIANTS.items() if _shapes(variant.build_on_meta().state_dict()) == found]


def require(state: Mapping[str, Tensor], variant: str | None) -> str:
    """The variant to build: the one named, or the one recognised.

    Raises InvalidInputError if a checkpoint of one network is to become another, or none is named and none fits
    """
    names = recognised(state)
    if variant is None:
        if not names:
            raise InvalidInputError("variant must be named, as the checkpoint has the keys of none of "
                                    + ", ".join(VARIANTS) + ": compare with --variant to see what differs")
        return names[0]
    if names and variant not in names:
        raise InvalidInputError(f"variant must be {names[0]}, as these are {names[0]}'s keys, got {variant}")
    return variant


def _shapes(state: Mapping[str, Tensor]) -> dict[str, tuple[int, ...]]:
    return {key: tuple(value.shape) for key, value in state.items() if not key.endswith(COUNTER)}
