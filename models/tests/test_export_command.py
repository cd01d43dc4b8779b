"""`medficientsam-models export`, from checkpoint to a bundle that runs."""

import numpy as np
import pytest
import torch

from medficientsam_models import cli
from medficientsam_models.bundle.folder import check_files
from medficientsam_models.bundle.manifest import Manifest
from medficientsam_models.networks.nano import Nano
from medficientsam_models.pipeline.engines import OnnxEngine


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    torch.manual_seed(10)
    model = Nano().eval()
    path = tmp_path_factory.mktemp("checkpoint") / "nano.pth"
    torch.save(model.state_dict(), path)
    return path, model


def export(checkpoint, out, *options):
    return cli.main(["export", "--variant", "nano", "--checkpoint", str(checkpoint), "--out", str(out), *options])


@pytest.mark.parametrize(("options", "layout"), [((), "tokens"), (("--plain",), "nchw")])
def test_bundle_is_whole_and_computes_what_the_network_does(checkpoint, tmp_path, options, layout):
    path, model = checkpoint
    out = tmp_path / "my-nano"
    assert export(path, out, *options) == 0
    manifest = Manifest.read(out)
    check_files(out, manifest)
    assert (manifest.id, manifest.embedding.layout, manifest.precision) == ("my-nano", layout, "fp32")
    assert manifest.parameters == sum(parameter.numel() for parameter in model.parameters())
    assert manifest.weights.origin == "converted from nano.pth"
    engine = OnnxEngine(out, manifest.input_size)
    image = np.random.default_rng(11).random((1, 3, 256, 256), dtype=np.float32)
    embedding = engine.encode(image)
    assert embedding.shape == manifest.embedding.shape
    boxes = np.array([[0.1, 0.2, 0.6, 0.7]], np.float32)
    with torch.no_grad():
        expected, _ = model(torch.from_numpy(image), torch.from_numpy(boxes))
    np.testing.assert_allclose(engine.decode(embedding, boxes), expected[:, 0], rtol=1e-4, atol=1e-4)


def test_int8_bundle_is_a_third_of_the_size(checkpoint, tmp_path):
    images = tmp_path / "images" / "CT"
    images.mkdir(parents=True)
    pixels = np.random.default_rng(12).integers(0, 255, (40, 50, 3), np.uint8)
    np.savez(images / "2D_CT_1.npz", imgs=pixels, boxes=np.array([[1, 2, 3, 4]]))
    out = tmp_path / "nano-int8"
    assert export(checkpoint[0], out, "--int8", "--calibrate", str(images.parent)) == 0
    manifest = Manifest.read(out)
    check_files(out, manifest)
    assert manifest.precision == "int8"
    assert (out / "encoder.onnx").stat().st_size < 4 * manifest.parameters / 3


@pytest.mark.parametrize(("options", "message"), [
    (("--int8",), "int8 must have a folder of images to calibrate on"),
    (("--int8", "--plain", "--calibrate", "."), "int8 must be asked of the rewritten graph"),
    (("--calibrate", "."), "--calibrate and --exact-gelu must come with --int8"),
    (("--scores", "nowhere.yaml"), "nowhere.yaml: No such file or directory"),
    (("--scores", __file__), "scores must be "),
])
def test_options_that_do_not_go_together_are_refused(checkpoint, tmp_path, capsys, options, message):
    assert export(checkpoint[0], tmp_path / "bundle", *options) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "bundle").exists()


def test_bundle_id_must_be_a_plain_name(checkpoint, tmp_path, capsys):
    assert export(checkpoint[0], tmp_path / "My Nano") == 2
    assert "id must be lower-case letters" in capsys.readouterr().err
    assert not (tmp_path / "My Nano").exists()


def test_rules_that_no_reader_knows_are_refused(checkpoint, tmp_path, capsys):
    with pytest.raises(SystemExit):
        export(checkpoint[0], tmp_path / "bundle", "--rules", "nonsense")
    assert "invalid choice: 'nonsense'" in capsys.readouterr().err
