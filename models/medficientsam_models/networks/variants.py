"""The networks by the names that the command line and the bundle manifests use."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from .efficientvit_sam import efficientvit_sam_l0, efficientvit_sam_l1, efficientvit_sam_l2
from .nano import MICRO, SMALL, Nano
from .tiny_vit import litemedsam
from .vit import medsam


@dataclass(frozen=True)
class Published:
    """A row of the published methods table, figures as printed there."""

    method: str
    parameters: str
    macs: str


@dataclass(frozen=True)
class Variant:
    """One architecture. A network of it has `encode`, `decode`, `input_size`, `mask_size` and `embedding_shape`."""

    id: str
    architecture: str             # the manifest's word for it
    build: Callable[[], nn.Module]
    input_size: int
    published: Published | None = None

    def build_on_meta(self) -> nn.Module:
        """The network without memory or numbers: for its keys, shapes and counts."""
        with torch.device("meta"):
            return self.build().eval()


VARIANTS = {variant.id: variant for variant in (
    Variant("nano", "nano", Nano, 256),
    Variant("micro", "nano", lambda: Nano(MICRO), 384),
    Variant("small", "nano", lambda: Nano(SMALL), 512),
    Variant("l0", "efficientvit-sam-l0", efficientvit_sam_l0, 512, Published("MedficientSAM-L0", "34.79M", "36.80G")),
    Variant("l1", "efficientvit-sam-l1", efficientvit_sam_l1, 512, Published("MedficientSAM-L1", "47.65M", "51.05G")),
    Variant("l2", "efficientvit-sam-l2", efficientvit_sam_l2, 512, Published("MedficientSAM-L2", "61.33M", "70.71G")),
    Variant("litemedsam", "litemedsam", litemedsam, 256, Published("LiteMedSAM", "9.79M", "39.98G")),
    Variant("medsam", "medsam", medsam, 1024, Published("MedSAM", "93.74M", "488.24G")),
)}

PUBLISHED_VARIANTS = tuple(id for id, variant in VARIANTS.items() if variant.published)


def variants_of(architecture: str) -> list[Variant]:
    """The variants of the architecture a manifest names; only our own has several."""
    return [variant for variant in VARIANTS.values() if variant.architecture == architecture]
