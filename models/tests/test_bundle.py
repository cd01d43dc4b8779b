"""Manifests and bundles, against the fixtures the Java tests read too."""

import hashlib
from dataclasses import asdict
from pathlib import Path

import pytest

from medficientsam_models.bundle.fields import BundleError
from medficientsam_models.bundle.folder import check_files, write_manifest
from medficientsam_models.bundle.manifest import Manifest

MODELS = Path(__file__).parent.parent
FIXTURES = MODELS / "fixtures" / "manifests"
BUNDLES = sorted(path.parent for path in MODELS.glob("bundles/*/manifest.yaml"))


def fixtures(kind):
    found = sorted((FIXTURES / kind).glob("*.yaml"))
    assert found, f"no {kind} fixtures"
    return found


@pytest.mark.parametrize("path", fixtures("valid"), ids=lambda p: p.stem)
def test_valid_manifest_survives_a_round_trip(path):
    manifest = Manifest.parse(path.read_text())
    assert Manifest.parse(manifest.to_yaml()) == manifest


@pytest.mark.parametrize("path", fixtures("invalid"), ids=lambda p: p.stem)
def test_invalid_manifest_is_refused_in_the_words_of_the_schema(path):
    first, _, _ = path.read_text().partition("\n")
    with pytest.raises(BundleError) as refusal:
        Manifest.parse(path.read_text())
    assert first.removeprefix("# error: ") in str(refusal.value)


def test_huge_manifest_is_refused_before_it_is_parsed():
    with pytest.raises(BundleError, match="at most 65536 bytes"):
        Manifest.parse("# " + "x" * 70_000)


@pytest.mark.parametrize("folder", BUNDLES, ids=lambda p: p.name)
def test_committed_bundle_is_whole(folder):
    manifest = Manifest.read(folder)
    check_files(folder, manifest)
    assert manifest.id == folder.name
    assert (folder / manifest.licence).is_file(), "weights trained here carry their own licence file"


def bundle(folder):
    (folder / "encoder.onnx").write_bytes(b"encoder")
    (folder / "decoder.onnx").write_bytes(b"decoder")
    fields = vars(Manifest.parse((FIXTURES / "valid" / "nchw-fp32.yaml").read_text())).copy()
    del fields["files"]
    return write_manifest(folder, **fields)


def test_written_bundle_pins_its_files(tmp_path):
    manifest = bundle(tmp_path)
    assert manifest == Manifest.read(tmp_path)
    assert asdict(manifest.files[0]) == {
        "name": "encoder.onnx",
        "sha256": hashlib.sha256(b"encoder").hexdigest(),
        "bytes": 7,
    }
    check_files(tmp_path, manifest)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["decoder.onnx", "encoder.onnx", "manifest.yaml"]


def test_changed_truncated_and_missing_files_are_named(tmp_path):
    manifest = bundle(tmp_path)
    (tmp_path / "encoder.onnx").write_bytes(b"encodeR")
    with pytest.raises(BundleError, match="encoder.onnx must have sha256 .*, got "):
        check_files(tmp_path, manifest)
    (tmp_path / "encoder.onnx").write_bytes(b"enc")
    with pytest.raises(BundleError, match="encoder.onnx must have 7 bytes, got 3"):
        check_files(tmp_path, manifest)
    (tmp_path / "encoder.onnx").unlink()
    with pytest.raises(BundleError, match="encoder.onnx is missing"):
        check_files(tmp_path, manifest)


def test_folder_without_manifest_says_so(tmp_path):
    with pytest.raises(BundleError, match="manifest.yaml is missing"):
        Manifest.read(tmp_path)
