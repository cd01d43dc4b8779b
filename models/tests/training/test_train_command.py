"""A whole run on twelve drawn images: it learns, it resumes to the bit, it distils, and it says what is wrong with its data."""

import csv
import json

import numpy as np
import pytest
import torch
from PIL import Image

from medficientsam_models import cli
from medficientsam_models.networks import variants
from medficientsam_models.networks.initialise import initialise
from medficientsam_models.networks.nano import Nano, NanoConfig
from medficientsam_models.networks.variants import Variant
from medficientsam_models.training import loop, recipe
from medficientsam_models.training.objectives import Distillation
from medficientsam_models.training.recipe import Recipe, Stage
from medficientsam_models.weights import checkpoints

SMALL = NanoConfig(input_size=64, widths=(8, 8, 16, 16, 32), depths=(1, 1, 1, 1, 1), neck_width=16, embedding_channels=16,
                   decoder_width=32, decoder_hidden=32, upscaling_widths=(16, 8))
WIDER = NanoConfig(**{**vars(SMALL), "embedding_channels": 24})


@pytest.fixture(autouse=True)
def small_variants(monkeypatch):
    monkeypatch.setitem(variants.VARIANTS, "small", Variant("small", "nano", lambda: Nano(SMALL), 64))
    monkeypatch.setitem(variants.VARIANTS, "wider", Variant("wider", "nano", lambda: Nano(WIDER), 64))
    stages = (Stage(0.0, 32, 4), Stage(0.5, 64, 4, frozen_norms=True))
    monkeypatch.setitem(recipe.RECIPES, "small", Recipe(stages, peak_rate=3e-3, average=0.9))


@pytest.fixture
def data(tmp_path):
    """Discs and bars, brighter than the ground, as training images and as two validation cases."""
    rng = np.random.default_rng(7)
    rows = []
    for i in range(12):
        pixels, labels = draw(rng)
        folder = tmp_path / "data" / ("CT" if i % 2 else "MR")
        folder.mkdir(parents=True, exist_ok=True)
        name = f"3D_drawn_z{i:03}" if i < 4 else f"2D_drawn.{i}"
        Image.fromarray(pixels).save(folder / f"{name}.webp", lossless=True)
        Image.fromarray(labels).save(folder / f"{name}.png")
        rows.append({"modality": folder.name, "name": name, "dataset": "drawn", "licence_class": "open"})
    write_index(tmp_path / "data", rows)
    cases = tmp_path / "cases" / "CT"
    cases.mkdir(parents=True)
    pixels, labels = draw(rng)
    np.savez(cases / "2D_a.npz", imgs=pixels, gts=labels, boxes=[box_of(labels, 1), box_of(labels, 2)])
    volume = np.stack([labels] * 3)
    x0, y0, x1, y1 = box_of(labels, 1)
    np.savez(cases / "3D_b.npz", imgs=np.stack([pixels] * 3), gts=volume, boxes=[[x0, y0, 0, x1, y1, 2]], spacing=[1, 1, 1])
    return tmp_path


def draw(rng):
    y, x = np.mgrid[:48, :60]
    labels = np.zeros((48, 60), np.uint8)
    labels[(x - rng.integers(12, 20)) ** 2 + (y - rng.integers(14, 34)) ** 2 < rng.integers(60, 120)] = 1
    top = rng.integers(4, 20)
    labels[top:top + 18, 40:rng.integers(48, 56)] = 2
    pixels = np.where(labels > 0, 180, 60) + rng.integers(0, 30, labels.shape)
    return pixels.astype(np.uint8), labels


def box_of(labels, label):
    ys, xs = np.nonzero(labels == label)
    return [xs.min(), ys.min(), xs.max(), ys.max()]


def write_index(folder, rows):
    with (folder / "index.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def train(data, out, *more, steps=6):
    return cli.main(["train", "--variant", "small", "--data", str(data / "data"), "--out", str(data / out), "--steps", str(steps),
                     "--workers", "0", "--device", "cpu", *more])


def weights(folder):
    return {key: value for path in sorted((folder / "weights").glob("*.npz")) for key, value in checkpoints.read(path).items()}


def test_training_learns_and_writes_weights_curve_and_picture(data):
    assert train(data, "out", "--validate", str(data / "cases"), "--full-precision", steps=60) == 0
    curve = json.loads((data / "out" / "learning_curve.json").read_text())
    assert curve[-1]["step"] == 60 and curve[-1]["images"] == 240
    assert curve[-1]["validation"]["2D"] == {"dsc": {"CT": pytest.approx(0.9, abs=0.1), "mean": pytest.approx(0.9, abs=0.1)},
                                             "cases": {"CT": 1}}
    assert curve[-1]["validation"]["3D middle slices"]["cases"] == {"CT": 1}
    assert (data / "out" / "learning_curve.png").read_bytes().startswith(b"\x89PNG")
    checkpoints.load(Nano(SMALL), data / "out" / "weights")


def test_an_interrupted_run_ends_with_the_weights_of_an_uninterrupted_one(data, monkeypatch, capsys):
    train(data, "whole")
    with monkeypatch.context() as interrupted:
        interrupt_after(3, interrupted)
        assert train(data, "halves") == 130
    assert capsys.readouterr().err == "medficientsam-models train: stopped\n"
    assert not (data / "halves" / "weights").exists()
    train(data, "halves")
    whole, halves = weights(data / "whole"), weights(data / "halves")
    assert whole.keys() == halves.keys()
    assert all(torch.equal(whole[key], halves[key]) for key in whole)


def interrupt_after(steps, monkeypatch):
    step = loop.Loop._step

    def stepping(self, *args):
        step(self, *args)
        if self._progress.step == steps:
            loop.signal.raise_signal(loop.signal.SIGTERM)

    monkeypatch.setattr(loop.Loop, "_step", stepping)


def test_batches_made_on_the_device_teach_the_same_and_resume_to_the_bit(data, monkeypatch):
    assert train(data, "learned", "--batches", "device", "--validate", str(data / "cases"), "--full-precision", steps=60) == 0
    curve = json.loads((data / "learned" / "learning_curve.json").read_text())
    assert curve[-1]["images"] == 240 and curve[-1]["validation"]["2D"]["dsc"]["mean"] == pytest.approx(0.9, abs=0.1)
    alternating = ("--batches", "device", "--stages", "0:32:4,0.4:64:2,0.4:32:6")
    train(data, "whole", *alternating)
    with monkeypatch.context() as interrupted:
        interrupt_after(4, interrupted)
        assert train(data, "halves", *alternating) == 130
    train(data, "halves", *alternating)
    whole, halves = weights(data / "whole"), weights(data / "halves")
    assert all(torch.equal(whole[key], halves[key]) for key in whole)


def test_stages_with_one_start_take_turns(data, monkeypatch):
    sizes = []
    step = loop.Loop._step

    def noting(self, batch, *rest):
        sizes.append(tuple(batch.images.shape[::3]))
        step(self, batch, *rest)

    monkeypatch.setattr(loop.Loop, "_step", noting)
    train(data, "out", "--stages", "0:32:4,0.5:64:2,0.5:32:6", steps=8)
    assert sizes == [(4, 32)] * 4 + [(2, 64), (6, 32)] * 2


def test_the_better_weights_are_kept_by_images_that_are_kept_back(data, capsys):
    assert train(data, "good", "--hold-out", "0.3", "--full-precision", steps=60) == 0
    record = json.loads((data / "good" / "held_out.json").read_text())
    assert record["kept"] == "after" and record["images"] >= 1 and record["after"]["64"]["mean"] > record["before"]["64"]["mean"]
    spoilt = ("--init", str(data / "good" / "weights"), "--hold-out", "0.3", "--full-precision", "--peak-rate", "0.5")
    assert train(data, "spoilt", *spoilt, steps=4) == 0
    assert json.loads((data / "spoilt" / "held_out.json").read_text())["kept"] == "before"
    good, kept = weights(data / "good"), weights(data / "spoilt")
    assert all(torch.equal(good[key], kept[key]) for key in good)


def test_snapshots_are_written_while_the_run_lasts(data, monkeypatch):
    with monkeypatch.context() as interrupted:
        interrupt_after(3, interrupted)
        assert train(data, "out", "--snapshots") == 130
    checkpoints.load(Nano(SMALL), data / "out" / "weights")


@pytest.mark.parametrize(("stages", "message"), [
    ("0:32", "must be START:SIZE:BATCH,... as in 0:256:128,0.5:512:64, got 0:32"),
    ("0.5:32:4", "must begin at 0, with sizes that are multiples of 32 and batches of at least 1, got 0.5:32:4"),
    ("0:40:4", "must begin at 0, with sizes that are multiples of 32"),
])
def test_stages_that_make_no_sense_are_refused(data, capsys, stages, message):
    with pytest.raises(SystemExit):
        train(data, "out", "--stages", stages)
    assert message in capsys.readouterr().err


def test_another_seed_does_not_continue_a_run(data, capsys):
    train(data, "out", steps=2)
    assert train(data, "out", "--seed", "2", steps=4) == 2
    assert "seed must be 1, as in the run in the output folder, got 2" in capsys.readouterr().err


def test_a_run_of_another_network_is_not_continued(data, monkeypatch, capsys):
    train(data, "out", steps=2)
    monkeypatch.setitem(variants.VARIANTS, "small", Variant("small", "nano", lambda: Nano(WIDER), 64))
    assert train(data, "out", steps=4) == 2
    assert "the run in the output folder must be of the same network, got another's train.pt" in capsys.readouterr().err


def test_a_student_learns_its_teachers_embedding_first(data, monkeypatch):
    torch.manual_seed(3)
    torch.save(Nano(WIDER).state_dict(), data / "teacher.pt")
    errors = []
    forward = Distillation.forward

    def noting(self, *args):
        loss, figures = forward(self, *args)
        errors.append(figures["embedding_error"])
        return loss, figures

    monkeypatch.setattr(Distillation, "forward", noting)
    assert train(data, "out", "--teacher", str(data / "teacher.pt"), "--teacher-variant", "wider", steps=40) == 0
    assert len(errors) == 20
    assert np.mean(errors[-5:]) < 0.7 * np.mean(errors[:3])
    assert not any("project" in key for key in weights(data / "out"))


def test_blocks_that_the_initial_weights_do_not_have_start_as_identities(data, monkeypatch):
    train(data, "seed", steps=2)
    deeper = NanoConfig(**{**vars(SMALL), "depths": (1, 1, 2, 2, 2), "fine_depth": 2})
    small, large = Nano(SMALL).eval(), Nano(deeper).eval()
    initialise(large)
    checkpoints.load(small, data / "seed" / "weights")
    checkpoints.load_smaller(large, data / "seed" / "weights")
    image, boxes = torch.rand(1, 3, 64, 64), torch.tensor([[0.2, 0.2, 0.7, 0.6]])
    with torch.no_grad():
        torch.testing.assert_close(large(image, boxes)[0], small(image, boxes)[0])


@pytest.mark.parametrize(("damage", "message"), [
    (lambda folder: (folder / "index.csv").unlink(), "training data must have an index.csv, got none"),
    (lambda folder: (folder / "index.csv").write_text("modality,name\n"),
     "index.csv must have the columns modality, name, dataset, licence_class, missing dataset, licence_class"),
    (lambda folder: (folder / "index.csv").write_text("modality,name,dataset,licence_class\n"),
     "index.csv must list at least one image, got none"),
    (lambda folder: (folder / "MR" / "2D_drawn.4.png").unlink(),
     "label map 2D_drawn.4 must be in its modality's folder, got no such file"),
    (lambda folder: (folder / "MR" / "2D_drawn.4.webp").write_bytes(b"RIFF"),
     "image 2D_drawn.4 must be an intact picture, got one that cannot be read"),
    (lambda folder: Image.fromarray(np.zeros((5, 7), np.uint8)).save(folder / "MR" / "2D_drawn.4.png"),
     "label map 2D_drawn.4 must be as large as its image (48, 60), got (5, 7)"),
    (lambda folder: Image.fromarray(np.zeros((48, 60, 3), np.uint8)).save(folder / "MR" / "2D_drawn.4.png"),
     "label map 2D_drawn.4 must be one channel of integers, got (48, 60, 3) uint8"),
])
def test_what_is_wrong_with_the_data_is_named(data, capsys, damage, message):
    damage(data / "data")
    assert train(data, "out") == 2
    assert message in capsys.readouterr().err


def test_an_empty_validation_folder_is_refused_before_training(data, capsys):
    (data / "empty").mkdir()
    assert train(data, "out", "--validate", str(data / "empty")) == 2
    assert "validation folder must hold <modality>/<case>.npz files, got none" in capsys.readouterr().err
    assert not (data / "out").exists()


def test_a_validation_case_without_its_truth_is_refused_before_training(data, capsys):
    np.savez(data / "cases" / "CT" / "2D_c.npz", imgs=np.zeros((5, 7), np.uint8), boxes=[[0, 0, 3, 3]])
    assert train(data, "out", "--validate", str(data / "cases")) == 2
    assert "2D_c must have gts, got imgs, boxes" in capsys.readouterr().err
    assert not (data / "out").exists()
