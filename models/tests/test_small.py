"""The member of two sizes: one encoder graph for both, and a propagator that was moved to its embeddings."""

import numpy as np
import onnxruntime
import pytest
import torch

from medficientsam_models.errors import InvalidInputError
from medficientsam_models.export.nano import encoder
from medficientsam_models.networks.nano import MICRO, NANO, SMALL, Nano
from medficientsam_models.networks.nano_propagator import NanoPropagator
from medficientsam_models.training.adaptation import adapted
from medficientsam_models.weights.recognise import recognised, require


@torch.no_grad()
def test_one_graph_encodes_at_any_size_as_the_network_does():
    torch.manual_seed(3)
    network = Nano(NANO).eval()
    state = {key: value.numpy() for key, value in network.state_dict().items()}
    session = onnxruntime.InferenceSession(encoder(state, None).SerializeToString(), providers=["CPUExecutionProvider"])
    for size in (96, 160):
        image = torch.rand(1, 3, size, size)
        found, = session.run(["image_embeddings"], {"image": image.numpy()})
        wanted = network.encode(image).flatten(2).transpose(1, 2).numpy()
        np.testing.assert_allclose(found, wanted, atol=2e-4)


@torch.no_grad()
def test_a_moved_propagator_finds_what_it_found_before():
    torch.manual_seed(4)
    before = NanoPropagator(MICRO).eval()
    for parameter in before.parameters():
        parameter.add_(torch.randn_like(parameter) * 0.02)
    matrix = torch.randn(64, 64) / 8
    moved = NanoPropagator(SMALL).eval()
    moved.load_state_dict(adapted(before.state_dict(), moved.state_dict(), matrix))
    embedding, boxes = torch.randn(1, 64, 16, 16), torch.tensor([[0.2, 0.2, 0.7, 0.8]])
    start = torch.randn(1, 2, 64)
    ones = torch.ones(1, 1)
    prompts = torch.randn(1, 1, 32, 32), ones, boxes, torch.full((1, 1), 0.3), boxes[:, None], ones, ones
    wanted, *_ = before(torch.einsum("ce,bexy->bcxy", matrix, embedding), boxes, *prompts, (start @ matrix.T).flatten(1))
    found, _, appearance = moved(embedding, boxes, *prompts, torch.cat([start.flatten(1), torch.randn(1, 128)], dim=1))
    torch.testing.assert_close(found, wanted, atol=1e-3, rtol=1e-3)
    assert appearance.shape == (1, 4 * 64)


def test_a_checkpoint_is_recognised_by_its_keys():
    state = Nano(SMALL).state_dict()
    assert recognised(state) == ["small"]
    assert require(state, None) == "small"
    with pytest.raises(InvalidInputError, match="these are small's keys, got micro"):
        require(state, "micro")
    with pytest.raises(InvalidInputError, match="variant must be named"):
        require({"something": torch.zeros(1)}, None)
