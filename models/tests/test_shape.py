"""fit-propagation recovers a bias that is put in, from volumes with exact truth, and writes it where it belongs."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from medficientsam_models import cli
from medficientsam_models.bundle.manifest import Manifest
from medficientsam_models.bundle.propagation import TRAINED_WITH, Shape
from medficientsam_models.errors import InvalidInputError
from medficientsam_models.evaluation.cases import Case
from medficientsam_models.training import shape

SIZE = 64
BUNDLES = Path(__file__).parents[1] / "bundles"


class Biased:
    """Knows every voxel's odds, which the image shows, and tells them less what a shape would have to add."""

    input_size = SIZE
    propagates = True

    def __init__(self, bias: Shape):
        self._bias = bias

    def encode(self, image):
        return (image[0, 0] * 255 - 128) / 8

    def propagate(self, embedding, prompt):
        x0, y0, x1, y1 = prompt.prompt_box * SIZE
        centres = np.arange(SIZE)
        u2 = np.minimum(((centres - (x0 + x1) / 2) / ((x1 - x0) / 2 + 0.5))**2, 1)
        v2 = np.minimum(((centres - (y0 + y1) / 2) / ((y1 - y0) / 2 + 0.5))**2, 1)
        missing = self._bias.sides * (u2[None] + v2[:, None]) - self._bias.ends * prompt.height**2
        return (embedding - missing).astype(np.float32), np.zeros(2, np.float32)


def solid(seed: int) -> Case:
    """An ellipsoid with a soft edge; a voxel is its own with just the odds that the image shows, so that they are right."""
    rng = np.random.default_rng(seed)
    half = rng.uniform([4, 12, 12], [7, 22, 22])
    centre = np.array([8, 32, 32]) + rng.uniform(-1, 1, 3)
    distance = sum(((axis - c) / h)**2 for axis, c, h in zip(np.mgrid[:17, :SIZE, :SIZE], centre, half, strict=True))
    image = np.clip(128 + 8 * 40 * (1 - distance), 0, 255).astype(np.uint8)
    image[:, 0, 0], image[:, 0, 1] = 0, 255  # so that scaling by the range changes nothing
    truth = (rng.random(image.shape) < 1 / (1 + np.exp(-(image / 1.0 - 128) / 8))).astype(np.uint8)
    low, high = np.rint(centre - half), np.rint(centre + half)
    box = np.array([[*low[::-1], *high[::-1]]])
    inside = np.zeros(truth.shape, bool)
    inside[tuple(slice(int(a), int(b) + 1) for a, b in zip(low, high, strict=True))] = True
    return Case(f"3D_CT_{seed}", image, box, truth * inside)


@pytest.mark.parametrize("bias", [Shape(0.5, 1.3), Shape(0, 0), Shape(1.5, 0.4)])
def test_a_known_bias_is_recovered(bias):
    found = shape.fit(shape.collect(Biased(bias), TRAINED_WITH, (solid(seed) for seed in range(12))))
    # Dice is not a proper score: at the ends it is content with a little more than the odds say, cross-entropy alone is exact.
    assert found.shape.sides == pytest.approx(bias.sides, abs=0.25)
    assert found.shape.ends == pytest.approx(bias.ends, abs=0.25)
    assert found.loss <= found.loss_without + 1e-3 and found.slices > 100
    if bias.ends:
        assert found.loss < found.loss_without - 0.001


def test_the_loss_counts_every_slice_the_same():
    finds = shape.Finds(torch.tensor([0.0, 0, 0]), torch.zeros(3), torch.zeros(3), torch.tensor([1.0, 0, 1]), torch.tensor([0, 0, 1]))
    zero = torch.zeros(())
    entropy = np.log(2)
    dice = [(2 * 0.5 + 1) / (1 + 1 + 1), (2 * 0.5 + 1) / (0.5 + 1 + 1)]
    assert shape.loss(finds, zero, zero).item() == pytest.approx(entropy + 1 - np.mean(dice))


def test_what_a_smaller_object_covers_does_not_count():
    truth = np.ones((5, SIZE, SIZE), np.uint8)
    truth[:, 20:40, 20:40] = 2
    image = np.full(truth.shape, 128, np.uint8)
    image[:, 0, 0], image[:, 0, 1] = 0, 255
    boxes = np.array([[10, 10, 0, 49, 49, 4], [20, 20, 0, 39, 39, 4]])
    finds = shape.collect(Biased(Shape(0, 0)), TRAINED_WITH, [Case("3D_CT_nested", image, boxes, truth)])
    counted = torch.bincount(finds.slices).tolist()
    assert sorted(set(counted)) == [400, 1600 - 400] and finds.count == 2 * 6  # the middle slice begins both ways
    assert (finds.truth == 1).all()


def test_volumes_without_an_object_are_refused():
    with pytest.raises(InvalidInputError, match="volumes must hold annotated objects, got 0 volumes without one"):
        shape.collect(Biased(Shape(0, 0)), TRAINED_WITH, [])


def test_the_command_writes_what_it_found_and_nothing_else(tmp_path, capsys):
    bundle = Path(shutil.copytree(BUNDLES / "micro-int8", tmp_path / "micro-int8"))
    (tmp_path / "volumes").mkdir()
    z, y, x = np.mgrid[:9, :64, :64]
    truth = (((z - 4) / 4)**2 + ((y - 30) / 16)**2 + ((x - 33) / 20)**2 <= 1).astype(np.uint8)
    image = (60 + 100 * truth + 10 * np.sin(x / 5)).astype(np.uint8)
    np.savez(tmp_path / "volumes" / "3D_CT_ball.npz", imgs=image, gts=truth, boxes=[[13, 14, 0, 53, 46, 8]], spacing=[1, 1, 1])
    before = Manifest.read(bundle)
    for options in (["--dry-run"], []):
        assert Manifest.read(bundle) == before
        assert cli.main(["fit-propagation", str(bundle), "--volumes", str(tmp_path / "volumes"), *options]) == 0
        assert "(was 0.5, 1.3); loss " in capsys.readouterr().out
    after = Manifest.read(bundle)
    assert after.propagation.shape != before.propagation.shape
    assert after.propagation.profile == before.propagation.profile and after.propagation.trust == before.propagation.trust
    assert {**vars(after), "propagation": None} == {**vars(before), "propagation": None}


def test_a_bundle_without_a_propagator_is_refused(tmp_path, capsys):
    assert cli.main(["fit-propagation", str(BUNDLES / "nano"), "--volumes", str(tmp_path)]) == 2
    assert "bundle must hold a propagator.onnx, nano has none" in capsys.readouterr().err
