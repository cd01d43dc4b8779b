"""The networks against reference outputs computed by the original code (torch 1.13.1, float32) with the same weights."""

import json
import zlib
from pathlib import Path

import numpy as np
import pytest

from medficientsam_models import cli
from medficientsam_models.bundle.manifest import Manifest
from medficientsam_models.verification.verify import verify
from medficientsam_models.weights import deterministic

GOLDEN = Path(__file__).parent / "golden"
TOLERANCE = 1e-4  # float32 sums in another order; this implementation differs by less than 1e-5


@pytest.mark.parametrize(("key", "shape", "head", "last", "total"), [
    ("image_encoder.backbone.stages.0.op_list.0.conv.weight", (32, 3, 3, 3),
     (-0.00529285613, -0.0512280464, 0.147849828), 0.24722296, 8.96113858),
    ("image_encoder.backbone.stages.0.op_list.0.norm.running_var", (32,),
     (0.834913373, 1.09185076, 0.902269304), 1.05905378, 31.3379277),
    ("image_encoder.norm.weight", (256,), (0.974562109, 0.933008015, 1.01051199), 1.07822573, 255.254517),
    ("mask_decoder.mask_tokens.weight", (4, 256), (0.867154062, 1.41631818, 1.5889672), -1.18588614, 16.5069447),
    ("prompt_encoder.pe_layer.positional_encoding_gaussian_matrix", (2, 128),
     (-0.31110236, -1.16906428, -0.546151757), 0.636695266, 16.3406221),
    ("mask_decoder.output_upscaling.0.weight", (256, 64, 2, 2),
     (0.101014122, -0.103982463, 0.0698595569), 0.0789728761, -3.64053621),
    ("image_encoder.neck.output_ops.0.op_list.0.conv.bias", (256,),
     (0.00502653513, -0.0049464535, -0.000202245923), 0.0091357436, -1.12291621),
])
def test_deterministic_tensors_have_their_published_values(key, shape, head, last, total):
    values = deterministic.tensor(key, shape)
    assert values.dtype == np.float32 and values.shape == shape
    np.testing.assert_allclose(values.ravel()[:3], head, rtol=1e-8)
    np.testing.assert_allclose(values.ravel()[-1], last, rtol=1e-8)
    np.testing.assert_allclose(values.sum(dtype=np.float64), total, rtol=1e-8)


@pytest.mark.parametrize(("size", "crc", "total"), [(512, 0x7596F1CE, 99012032), (256, 0x9D204214, 25166272)])
def test_the_image_has_its_published_checksum(size, crc, total):
    image = deterministic.image(size)
    assert zlib.crc32(image.tobytes()) == crc
    assert image.sum(dtype=np.int64) == total


@pytest.mark.parametrize("variant", ["l0", "l1", "litemedsam"])
def test_the_command_reproduces_the_reference_outputs(variant, tmp_path):
    assert cli.main(["golden", "--variant", variant, "--out", str(tmp_path)]) == 0
    with np.load(GOLDEN / f"golden_{variant}.npz") as expected, np.load(tmp_path / f"golden_{variant}.npz") as found:
        assert found.files == expected.files
        for name in expected.files[:-1]:
            assert found[name].dtype == expected[name].dtype, name
            np.testing.assert_allclose(found[name], expected[name], rtol=0, atol=TOLERANCE, err_msg=name)
        stats, expected_stats = (json.loads(str(arrays["stats_json"])) for arrays in (found, expected))
    assert list(stats) == list(expected_stats)
    for name, moments in expected_stats.items():
        np.testing.assert_allclose(stats[name], moments, rtol=0, atol=TOLERANCE, err_msg=name)
    assert json.loads((tmp_path / f"golden_{variant}_stats.json").read_text()) == stats


def test_a_bundle_made_from_deterministic_weights_is_marked_and_whole(tmp_path):
    assert cli.main(["golden", "--variant", "litemedsam", "--out", str(tmp_path), "--bundle"]) == 0
    folder = tmp_path / "litemedsam-untrained"
    weights = Manifest.read(folder).weights
    assert (weights.origin, weights.trained_on) == ("untrained", ())
    assert [finding for finding in verify(folder) if not finding.passed] == []
