"""How a variant is trained, as data."""

import math
from dataclasses import dataclass, field

from .mixture import Mixture

# The nine modalities of the challenge count equally; those that score lowest are shown more often.
CHALLENGE_MIXTURE = Mixture(
    modalities={"CT": 1.6, "MR": 1.6, "Fundus": 1.2, "XRay": 1.1, "PET": 1.1, "US": 1.0, "Microscopy": 1.0, "Endoscopy": 1.0,
                "Dermoscopy": 0.6, "Mammography": 0.25, "OCT": 0.25},
    boosts={"IDRiD": 3.0,    # three images, but half of what Fundus is tested on
            "ARCADE": 2.0,   # the only thin vessels
            "CHASE": 0.3})   # a whole vessel tree as one object: a box says nothing about it


@dataclass(frozen=True)
class Stage:
    """From `start` (a share of the run) on: side of the images, images per batch over all processes, BatchNorm frozen or not.

    Stages with one start take turns, step by step: no weight depends on the images' size, but the statistics of norms do.
    """

    start: float
    size: int
    batch: int
    frozen_norms: bool = False


@dataclass(frozen=True)
class Recipe:
    """Hyper-parameters. The learning rate warms up linearly and falls with a cosine to a hundredth of `peak_rate`."""

    stages: tuple[Stage, ...]
    peak_rate: float
    warm_up: float = 0.02
    weight_decay: float = 0.03
    betas: tuple[float, float] = (0.9, 0.98)
    gradient_norm: float = 3.0
    average: float = 0.999   # share that the weights' moving average keeps per step
    boxes_per_image: int = 2
    mixture: Mixture = field(default=CHALLENGE_MIXTURE)

    def stages_at(self, progress: float) -> tuple[Stage, ...]:
        """The stages that take turns at a progress of 0..1."""
        start = max(stage.start for stage in self.stages if stage.start <= progress)
        return tuple(stage for stage in self.stages if stage.start == start)

    def rate(self, progress: float) -> float:
        """The learning rate at a progress of 0..1."""
        if progress < self.warm_up:
            return self.peak_rate * progress / self.warm_up
        after = min(1.0, (progress - self.warm_up) / (1 - self.warm_up))
        return self.peak_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * after)))


_NANO = Recipe(stages=(Stage(0.0, 256, 8),), peak_rate=1.3e-3)
# Mostly small images, which are cheap; the last part at the size that is deployed, with the averaged statistics held still.
_MICRO = Recipe(stages=(Stage(0.0, 256, 12), Stage(0.53, 384, 8, frozen_norms=True)), peak_rate=9e-4,
                average=0.997)
# Large sets of one kind (hearts, hippocampi, chests) are held back, small sets of what scores lowest come more often.
_SMALL_MIXTURE = Mixture(
    modalities={"CT": 2.1, "MR": 1.7, "XRay": 1.5, "Fundus": 1.4, "PET": 1.1, "US": 0.9, "Microscopy": 0.9, "Endoscopy": 0.9,
                "Dermoscopy": 0.6, "Mammography": 0.25, "OCT": 0.25},
    boosts={"IDRiD": 3.0, "ARCADE": 2.5, "CHASE": 0.3, "3D Liver": 2.0, "Liver-Tumor": 1.3, "HepaticVessel": 1.5, "BraTS": 1.5,
            "HVSMR": 1.5, "ACDC cardiac": 0.4, "2018 Left Atrium": 0.4, "MSD Task04": 0.4, "Shenzhen": 0.6})
# Mostly small images, then all sizes in turn: the weights serve images at 512 and slices at 256 with one set of statistics.
_SMALL = Recipe(stages=(Stage(0.0, 256, 128), Stage(0.3, 384, 96), Stage(0.55, 512, 64), Stage(0.55, 256, 128), Stage(0.55, 512, 64),
                        Stage(0.55, 384, 96)), peak_rate=2e-3, warm_up=0.03, weight_decay=0.05, average=0.998, boxes_per_image=3,
                mixture=_SMALL_MIXTURE)
_SAM = Recipe(stages=(Stage(0.0, 512, 32),), peak_rate=5e-4, boxes_per_image=4)
# Tracks, not images; the decoder it starts from is trained, and batches are too small for statistics of their own.
PROPAGATOR = Recipe(stages=(Stage(0.0, 384, 4, frozen_norms=True),), peak_rate=4e-4, average=0.995)
# The same along whole chains, as many of them at once.
CHAINS = Recipe(stages=(Stage(0.0, 384, 16, frozen_norms=True),), peak_rate=6e-4, average=0.995)
# On a device: as many chains at once, each a few slices further per step.
DEVICE_CHAINS = Recipe(stages=(Stage(0.0, 384, 128, frozen_norms=True),), peak_rate=1e-3, warm_up=0.03, average=0.998)

RECIPES = {"nano": _NANO, "micro": _MICRO, "small": _SMALL, "l0": _SAM, "l1": _SAM, "l2": _SAM}
