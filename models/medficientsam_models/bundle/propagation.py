"""What a propagator's weights are used with: the numbers that a manifest has under ``propagation``, as SCHEMA.md defines them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .fields import mapping, number, positive


@dataclass(frozen=True)
class Profile:
    """The expected side of an object at relative height t, as a share of its prompt's side.

    ``max(smallest, height * (1 - t^2)^exponent)``, with ``smallest`` from |t| = 1 on.
    """

    height: float
    exponent: float
    smallest: float


@dataclass(frozen=True)
class Shape:
    """What is added to a propagator's logits: ``sides (u^2 + v^2) - ends t^2``, u, v and t from -1 to 1 across the prompt."""

    sides: float
    ends: float


@dataclass(frozen=True)
class PropagationSettings:
    """``trust`` is how much of a box comes from the mask of the slice before, the rest from the profile.

    ``input_size`` is the size at which a propagator sees slices, where that is not the bundle's.
    """

    profile: Profile
    trust: float
    shape: Shape
    input_size: int | None = None

    @classmethod
    def parse(cls, value: object) -> PropagationSettings:
        """What a manifest has under ``propagation``, checked key by key."""
        root = mapping("propagation", value, "profile trust shape", optional="inputSize")
        profile = mapping("propagation.profile", root["profile"], "height exponent smallest")
        shape = mapping("propagation.shape", root["shape"], "sides ends")
        return cls(
            Profile(
                height=number("propagation.profile.height", profile["height"], 0, 2, above=True),
                exponent=number("propagation.profile.exponent", profile["exponent"], 0, 4, above=True),
                smallest=number("propagation.profile.smallest", profile["smallest"], 0, 1),
            ),
            trust=number("propagation.trust", root["trust"], 0, 1),
            shape=Shape(*(number(f"propagation.shape.{key}", shape[key], 0, 10) for key in ("sides", "ends"))),
            input_size=positive("propagation.inputSize", root["inputSize"]) if "inputSize" in root else None,
        )

    def document(self) -> dict[str, Any]:
        """As a manifest has it."""
        size = {} if self.input_size is None else {"inputSize": self.input_size}
        return size | {"profile": asdict(self.profile), "trust": self.trust, "shape": asdict(self.shape)}


# What train-propagator trains with, and so the only profile and trust that a propagator of ours is right with. The shape is fitted
# afterwards, to what the trained propagator finds.
TRAINED_WITH = PropagationSettings(Profile(height=0.88, exponent=0.65, smallest=0.1), trust=0.6, shape=Shape(sides=0.0, ends=0.0))
