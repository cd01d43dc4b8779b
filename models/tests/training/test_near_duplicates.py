"""Pairs made by hand: the same picture resized, turned, recompressed, cut out, and pictures that only look alike."""

import csv
import io

import cv2
import numpy as np
import pytest
from PIL import Image

from medficientsam_models import cli
from medficientsam_models.splits.near_duplicates import PART_OF_EVALUATION, PART_OF_TRAINING, WHOLE, find
from medficientsam_models.splits.pictures import Picture


def scan(seed, height=300, width=360):
    """A bright disc with structures of many sizes in it; the disc is the same in every one."""
    rng = np.random.default_rng(seed)
    inside = sum(cv2.resize(rng.standard_normal((n, n)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC) / n**0.5
                 for n in (5, 10, 20, 40))
    y, x = np.mgrid[:height, :width]
    disc = ((x / width - 0.5) ** 2 + (y / height - 0.5) ** 2 < 0.2).astype(np.float32)
    picture = disc * (120 + 60 * inside / inside.std())
    return np.clip(picture, 0, 255).astype(np.uint8)


def recompressed(pixels, quality=40):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "webp", quality=quality)
    return np.asarray(Image.open(file).convert("L"))


def write_training(folder, pictures):
    (folder / "CT").mkdir(parents=True)
    with (folder / "index.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["modality", "name", "dataset", "licence_class"])
        for name, pixels in pictures.items():
            writer.writerow(["CT", name, "drawn", "open"])
            Image.fromarray(pixels).save(folder / "CT" / f"{name}.webp", lossless=True)
            Image.fromarray(np.ones(pixels.shape[:2], np.uint8)).save(folder / "CT" / f"{name}.png")


def write_case(folder, name, pixels):
    folder.mkdir(parents=True, exist_ok=True)
    truth = np.ones(pixels.shape[:3] if name.startswith("3D") else pixels.shape[:2], np.uint8)
    box = [[0, 0, 0, 9, 9, len(pixels) - 1]] if name.startswith("3D") else [[0, 0, 9, 9]]
    np.savez(folder / f"{name}.npz", imgs=pixels, gts=truth, boxes=box)


def listed(tmp_path, capsys, *more):
    assert cli.main(["near-duplicates", str(tmp_path / "train"), str(tmp_path / "cases"), *more]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


@pytest.mark.parametrize(("change", "how"), [
    (lambda p: p, WHOLE),
    (lambda p: cv2.resize(p, (170, 150), interpolation=cv2.INTER_AREA), WHOLE),   # half as large, other proportions
    (lambda p: cv2.resize(p, (1000, 840), interpolation=cv2.INTER_CUBIC), WHOLE),
    (lambda p: np.rot90(p), WHOLE),
    (lambda p: np.rot90(p[:, ::-1], 3), WHOLE),
    (recompressed, WHOLE),
    (lambda p: 255 - p, WHOLE),
    (lambda p: (255 * (p / 255) ** 0.6).astype(np.uint8), WHOLE),
    (lambda p: cv2.resize(p[60:235, 80:255], (256, 256), interpolation=cv2.INTER_LINEAR), PART_OF_TRAINING),
    (lambda p: np.rot90(p[30:230, 100:320]), PART_OF_TRAINING),
])
def test_a_changed_copy_is_found_and_nothing_else(tmp_path, capsys, change, how):
    write_training(tmp_path / "train", {f"2D_{seed}": scan(seed) for seed in range(6)})
    write_case(tmp_path / "cases", "2D_CT_a", np.ascontiguousarray(change(scan(3))))
    write_case(tmp_path / "cases", "2D_CT_other", scan(99))
    (pair,) = listed(tmp_path, capsys)
    assert (pair["training"], pair["dataset"], pair["evaluation"]) == ("CT/2D_3", "drawn", "2D_CT_a")
    assert pair["how"] == how and float(pair["similarity"]) > 0.75


def test_a_training_image_that_is_cut_out_of_a_case_is_found():
    whole, others = scan(3), [Picture(f"o{seed}", "drawn", scan(seed, 160, 160).astype(np.float32)) for seed in range(10, 14)]
    part = Picture("part", "drawn", cv2.resize(whole[70:230, 90:250], (128, 128), interpolation=cv2.INTER_AREA).astype(np.float32))
    case = Picture("case", "case", cv2.resize(whole, (160, 133), interpolation=cv2.INTER_AREA).astype(np.float32))
    (pair,) = find([*others, part], [case])
    assert (pair.training.name, pair.how) == ("part", PART_OF_EVALUATION)


def test_a_slice_of_an_evaluated_volume_is_found(tmp_path, capsys):
    write_training(tmp_path / "train", {f"2D_{seed}": scan(seed, 200, 200) for seed in range(4)})
    write_case(tmp_path / "cases", "3D_MR_v", np.stack([scan(seed, 100, 100) for seed in (7, 8)] + [scan(2, 200, 200)[::2, ::2]]))
    (pair,) = listed(tmp_path, capsys)
    assert (pair["training"], pair["evaluation"]) == ("CT/2D_2", "3D_MR_v_z002")


def test_flat_pictures_are_like_nothing(tmp_path, capsys):
    write_training(tmp_path / "train", {"2D_flat": np.full((60, 60), 9, np.uint8), "2D_b": scan(1)})
    write_case(tmp_path / "cases", "2D_CT_flat", np.full((80, 70), 30, np.uint8))
    assert listed(tmp_path, capsys) == []


def test_the_list_goes_into_a_file_where_asked_for(tmp_path, capsys):
    write_training(tmp_path / "train", {"2D_a": scan(1)})
    write_case(tmp_path / "cases", "2D_CT_a", scan(1))
    assert listed(tmp_path, capsys, "--out", str(tmp_path / "found.csv")) == []
    assert (tmp_path / "found.csv").read_text().splitlines()[1].startswith("CT/2D_a,drawn,2D_CT_a,1.0,whole")


def test_a_similarity_outside_its_range_is_refused(tmp_path, capsys):
    assert cli.main(["near-duplicates", str(tmp_path), str(tmp_path), "--similarity", "1.5"]) == 2
    assert "--similarity must be above 0 and at most 1, got 1.5" in capsys.readouterr().err
