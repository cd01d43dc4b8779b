"""The rule sets by the names that manifests use: what surrounds the network, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2

from ..bundle.manifest import STEADY, Manifest
from ..bundle.propagation import PropagationSettings
from ..errors import InvalidInputError
from .prompting import Exact, Prompting, WholePixels


@dataclass(frozen=True)
class Published:
    """The published programs: later boxes on top, a volume's boxes follow the masks. What differs between the programs:"""

    last_slice_included: bool
    whole_voxel_boxes: bool  # whether fractions of a volume's boxes are dropped
    interpolation: int = cv2.INTER_LINEAR  # how a slice is brought to the network's size
    prompting: Prompting = field(default_factory=Exact)


@dataclass(frozen=True)
class Steady:
    """Ours, see models/SCHEMA.md: smaller boxes on top, a volume's boxes held by the prompt."""

    settings: PropagationSettings


Rules = Published | Steady

MEDFICIENTSAM = Published(last_slice_included=True, whole_voxel_boxes=False)
PUBLISHED: Mapping[str, Published] = {
    "medficientsam": MEDFICIENTSAM,
    # As published: leaves the box's last slice empty.
    "medficientsam-original": Published(last_slice_included=False, whole_voxel_boxes=True),
    # LiteMedSAM's own script.
    "litemedsam": Published(True, False, cv2.INTER_AREA, WholePixels()),
}


def rules_of(manifest: Manifest) -> Rules:
    """The rules a bundle ships with; InvalidInputError if this pipeline does not know them."""
    if manifest.rules == STEADY:
        return Steady(manifest.propagation)
    if manifest.rules not in PUBLISHED:
        raise InvalidInputError(f"rules must be one of {', '.join((*PUBLISHED, STEADY))} to be run here, got {manifest.rules}")
    return PUBLISHED[manifest.rules]
