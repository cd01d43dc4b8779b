"""Parameters and multiply-accumulates equal the published methods table to the printed digit, and fvcore's exactly."""

import pytest
import torch

from medficientsam_models.networks.nano import Nano
from medficientsam_models.networks.variants import PUBLISHED_VARIANTS, VARIANTS
from medficientsam_models.verification.counts import as_published, count, count_variant

# fvcore 0.1.5 on the original modules in training mode: parameters, encoder parameters, multiply-accumulates.
MEASURED = {
    "l0": (34_792_784, 30_728_224, 36_800_708_352),
    "l1": (47_650_128, 43_585_568, 51_053_215_488),
    "l2": (61_328_592, 57_264_032, 70_713_753_344),
    "litemedsam": (9_791_300, 5_726_740, 39_977_754_368),
    "medsam": (93_735_472, 89_670_912, 488_239_054_592),
}


@pytest.mark.parametrize("variant", PUBLISHED_VARIANTS)
def test_counts_are_the_published_ones(variant):
    counts = count_variant(VARIANTS[variant])
    published = VARIANTS[variant].published
    assert (as_published(counts.parameters), as_published(counts.macs)) == (published.parameters, published.macs)
    assert (counts.parameters, counts.encoder_parameters, counts.macs) == MEASURED[variant]


def test_counting_a_real_model_gives_the_same_and_leaves_it_as_it_was():
    model = Nano().train()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    assert count(model) == count_variant(VARIANTS["nano"])
    assert model.training and not any(module._forward_hooks for module in model.modules())
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())
