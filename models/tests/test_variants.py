"""The state-dict keys, shapes and types of every network are those of the published checkpoints."""

import hashlib

import pytest

from medficientsam_models.networks.variants import PUBLISHED_VARIANTS, VARIANTS, variants_of

# Number of tensors and SHA-256 of the sorted lines "key (shape) dtype", from the original project's own modules (5950493).
PUBLISHED_KEYS = {
    "l0": (409, "8cc4028de36d53ec177e2a001ae6ef639e12608a842b21b53bcd828134a254df"),
    "l1": (515, "c9dd0dc8537ff9f45936a1eeaa0c33520328791b79dfc40c818d7831fd5c6793"),
    "l2": (645, "757cf191d5c516723c4ba0510f5d0fc5b67567464a9a32ce1b1d1bf552057cb9"),
    "litemedsam": (435, "1429d318ccec3d7c39654db96563e4739ec662e6b14857386529839d1660685a"),
    "medsam": (314, "a6d8de32b9c8e9bff2ced55f1d37687b850f07a4cf05fbb38d3c98ae95b80844"),
}


@pytest.mark.parametrize("variant", PUBLISHED_VARIANTS)
def test_keys_shapes_and_types_are_the_published_ones(variant):
    state = VARIANTS[variant].build_on_meta().state_dict()
    lines = sorted(f"{key} {tuple(value.shape)} {value.dtype}" for key, value in state.items())
    assert (len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()) == PUBLISHED_KEYS[variant]


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_is_found_by_its_architecture_and_knows_its_input_size(variant):
    assert VARIANTS[variant] in variants_of(VARIANTS[variant].architecture)
    assert VARIANTS[variant].build_on_meta().input_size == VARIANTS[variant].input_size
