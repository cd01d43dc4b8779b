"""`verify` passes the bundle in this repository, names what is wrong with any other, and measures drift."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import yaml
from onnx import numpy_helper

from medficientsam_models import cli
from medficientsam_models.bundle.folder import rewrite_manifest, write_manifest
from medficientsam_models.bundle.manifest import Manifest
from medficientsam_models.evaluation import cases, drift
from medficientsam_models.evaluation.dsc import mean_dsc
from medficientsam_models.pipeline.engines import OnnxEngine
from medficientsam_models.pipeline.rules import PUBLISHED, Steady
from medficientsam_models.pipeline.segment import segment

BUNDLES = Path(__file__).parents[1] / "bundles"
NANO, MICRO = BUNDLES / "nano", BUNDLES / "micro-int8"


@pytest.fixture
def copy(tmp_path):
    return Path(shutil.copytree(NANO, tmp_path / "nano"))


def repin(folder, **changes):
    """Rewrites the manifest for the files that are there now, with other fields if wanted."""
    fields = vars(Manifest.read(folder)) | changes
    del fields["files"]
    write_manifest(folder, **fields)


def verify(capsys, *args):
    status = cli.main(["verify", *map(str, args), "--threads", "1"])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_the_bundle_in_this_repository_passes(capsys):
    status, out, _ = verify(capsys, NANO)
    assert status == 0
    assert [line.split()[:2] for line in out.splitlines()] == [
        ["ok", check] for check in ("manifest", "hashes", "signatures", "parameters", "macs", "weights")]


def test_a_folder_without_a_manifest_fails(capsys, tmp_path):
    assert verify(capsys, tmp_path)[:2] == (1, "FAIL  manifest    manifest.yaml is missing\n")


def test_a_changed_byte_fails_the_hash(capsys, copy):
    data = bytearray((copy / "encoder.onnx").read_bytes())
    data[5000] ^= 1
    (copy / "encoder.onnx").write_bytes(data)
    status, out, _ = verify(capsys, copy)
    assert status == 1 and "FAIL  hashes      encoder.onnx must have sha256 " in out


def test_a_file_that_is_no_graph_fails_although_its_hash_is_right(capsys, copy):
    (copy / "decoder.onnx").write_bytes(b"no graph")
    repin(copy)
    status, out, _ = verify(capsys, copy)
    assert status == 1 and "FAIL  signatures  decoder.onnx must be a valid ONNX file" in out


def test_swapped_graphs_fail_by_their_inputs(capsys, copy):
    (copy / "encoder.onnx").rename(copy / "x")
    (copy / "decoder.onnx").rename(copy / "encoder.onnx")
    (copy / "x").rename(copy / "decoder.onnx")
    repin(copy)
    status, out, _ = verify(capsys, copy)
    assert status == 1 and "encoder.onnx must have inputs image, got boxes, image_embeddings" in out


def test_a_mask_size_that_the_graph_does_not_have_fails(capsys, copy):
    repin(copy, mask_size=256)
    status, out, _ = verify(capsys, copy)
    assert status == 1 and "low_res_masks must have shape (2, 1, 256, 256), got (2, 1, 128, 128)" in out


def test_wrong_counts_fail(capsys, copy):
    repin(copy, parameters=3_000_000, macs=1)
    status, out, _ = verify(capsys, copy)
    assert status == 1
    assert "FAIL  parameters  must be 3444353 (3.44M, nano as defined here), got 3000000" in out
    assert "FAIL  macs        must be 1586766208 (1.59G, nano as defined here), got 1" in out


def test_a_small_network_under_a_published_name_fails(capsys, copy):
    repin(copy, architecture="litemedsam", parameters=9_791_300, macs=39_977_754_368)
    status, out, _ = verify(capsys, copy)
    assert status == 1
    assert "ok    macs        39977754368 = 39.98G, LiteMedSAM in the published table 39.98G" in out
    assert "FAIL  weights     encoder.onnx holds 3.04M weights of the encoder's 5.73M parameters" in out


def coarser(folder):
    """Rounds every matrix of the encoder to 31 steps either way, coarser than int8 would."""
    model = onnx.load(folder / "encoder.onnx")
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.ndim > 1 and values.dtype == np.float32:
            step = np.abs(values).max() / 31
            tensor.CopyFrom(numpy_helper.from_array(np.round(values / step) * step, tensor.name))
    onnx.save(model, folder / "encoder.onnx")
    repin(folder)


def write_cases(folder):
    """A bright disc in noise, as an image and as a volume."""
    folder.mkdir()
    y, x = np.mgrid[:96, :128]
    truth = ((x - 60) ** 2 + (y - 50) ** 2 < 25**2).astype(np.uint8)
    image = (truth * 120 + np.random.default_rng(1).integers(0, 80, truth.shape)).astype(np.uint8)
    np.savez(folder / "2D_US_disc.npz", imgs=image, gts=truth, boxes=[[36, 26, 84, 74]])
    np.savez(folder / "3D_CT_disc.npz", imgs=np.stack([image] * 4), gts=np.stack([truth] * 4), boxes=[[36, 26, 0, 84, 74, 3]])
    return folder


def test_drift_is_measured_on_labelled_cases(capsys, copy, tmp_path):
    coarser(copy)
    status, out, err = verify(capsys, copy, "--against", NANO, "--labelled", write_cases(tmp_path / "cases"))
    assert status == 0
    report = yaml.safe_load("\n".join(line for line in out.splitlines() if not line.startswith("ok ")))
    assert 0.001 < report["embeddingRelativeError"] < 0.2
    assert 0.9 < report["maskIoU"]["lowest"] <= report["maskIoU"]["mean"] <= 1
    for dimension, modality in (("2D", "US"), ("3D", "CT")):
        scores = report[dimension]
        assert scores["cases"] == {modality: 1}
        assert scores["mean"] == scores["dsc"][modality] > 0.8
        assert scores["change"] == pytest.approx(scores["mean"] - scores["meanAgainst"], abs=2e-4)
    assert err.splitlines()[0].startswith("1: 2D_US_disc DSC 0.")


def test_a_bundle_is_measured_by_its_own_rules_and_with_its_propagator(capsys, tmp_path):
    """What verify prints is what the pipeline gives by `steady`, and not what the published rules give."""
    folder = tmp_path / "cases"
    folder.mkdir()
    z, y, x = np.mgrid[:7, :64, :64]
    truth = (((z - 3) / 3.4)**2 + ((y - 32) / 18)**2 + ((x - 30) / 20)**2 <= 1).astype(np.uint8)
    np.savez(folder / "3D_CT_ball.npz", imgs=(60 + 90 * truth).astype(np.uint8), gts=truth, boxes=[[10, 14, 0, 50, 50, 6]])
    status, out, _ = verify(capsys, MICRO, "--labelled", folder)
    assert status == 0
    report = yaml.safe_load("\n".join(line for line in out.splitlines() if not line.startswith("ok ")))
    case, = cases.labelled(folder)
    manifest = Manifest.read(MICRO)
    engine = OnnxEngine(MICRO, manifest.input_size)
    steady, published = (mean_dsc(case.truth, segment(engine, case.images, case.boxes, rules))
                         for rules in (Steady(manifest.propagation), PUBLISHED["medficientsam"]))
    assert report["rules"] == "steady" and report["3D"]["mean"] == pytest.approx(steady, abs=1e-3)
    assert abs(steady - published) > 5e-3


def test_rules_that_are_not_known_here_are_refused(capsys, copy, tmp_path):
    manifest = Manifest.read(copy)
    rewrite_manifest(copy, replace(manifest, rules="medsam"))
    status, _, err = verify(capsys, copy, "--labelled", write_cases(tmp_path / "cases"))
    assert status == 2
    assert "steady to be run here, got medsam" in err


def test_what_has_no_score_is_counted(capsys, tmp_path):
    folder = write_cases(tmp_path / "cases")
    with np.load(folder / "2D_US_disc.npz") as arrays:
        blank = {key: arrays[key] for key in arrays}
    np.savez(folder / "2D_US_blank.npz", **blank | {"gts": np.zeros_like(blank["gts"])})
    np.savez(folder / "2D_PET_blank.npz", **blank | {"gts": np.zeros_like(blank["gts"])})
    status, out, _ = verify(capsys, NANO, "--labelled", folder)
    assert status == 0
    scores = yaml.safe_load("\n".join(line for line in out.splitlines() if not line.startswith("ok ")))["2D"]
    assert scores["cases"] == {"PET": 1, "US": 2} and scores["undefined"] == {"PET": 1, "US": 1}
    assert set(scores["dsc"]) == {"US"} and scores["mean"] == scores["dsc"]["US"] > 0.8


def test_an_object_that_neither_bundle_finds_has_no_mask_iou():
    measured = drift.Drift("steady", [0.0], [0.5, float("nan"), 1.0])
    assert measured.report()["maskIoU"] == {"mean": 0.75, "lowest": 0.5, "undefined": 1}


def test_a_bundle_does_not_drift_from_itself(capsys):
    status, out, _ = verify(capsys, NANO, "--against", NANO)
    assert status == 0
    assert "embeddingRelativeError: 0.0" in out and "lowest: 1.0" in out


def test_bundles_of_different_networks_are_not_compared():
    manifest = Manifest.read(NANO)
    with pytest.raises(ValueError, match="must have architecture nano, got medsam"):
        drift.check_comparable(manifest, Manifest(**(vars(manifest) | {"architecture": "medsam"})))


@pytest.mark.parametrize(("arrays", "message"), [
    ({"imgs": np.zeros((4, 4), np.uint8), "boxes": np.zeros((1, 4))}, "must have gts, got imgs, boxes"),
    ({"imgs": np.zeros((4, 4)), "boxes": np.zeros((1, 4)), "gts": np.zeros((4, 4))}, "imgs must be uint8, got float64"),
    ({"imgs": np.zeros((4, 4), np.uint8), "boxes": np.zeros((1, 5)), "gts": np.zeros((4, 4))}, r"boxes must be \(N, 4\)"),
    ({"imgs": np.zeros((4, 5), np.uint8), "boxes": np.zeros((1, 4)), "gts": np.zeros((4, 4))}, r"gts must be as large as"),
    ({"imgs": np.array([{}]), "boxes": np.zeros((1, 4)), "gts": np.zeros((4, 4))}, "must be an intact npz of numbers"),
])
def test_a_case_that_cannot_be_scored_is_named(capsys, tmp_path, arrays, message):
    np.savez(tmp_path / "2D_CT_odd.npz", **arrays)
    status, _, err = verify(capsys, NANO, "--labelled", tmp_path)
    assert status == 2
    assert re.search(f"^medficientsam-models verify: 2D_CT_odd.*{message}", err, re.MULTILINE)
