"""Every kind of checkpoint loads without executing what is in it, and every fault is one message that names what is wrong."""

import functools
import os
import pathlib
import pickle
import zipfile

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from medficientsam_models.weights import checkpoints
from medficientsam_models.weights.checkpoints import CheckpointError


class Tiny(nn.Module):
    """A Sam in miniature: the keys' prefixes are all that matters here."""

    def __init__(self, seed: int):
        super().__init__()
        torch.manual_seed(seed)
        self.image_encoder = nn.Sequential(nn.Conv2d(3, 4, 1, bias=False), nn.BatchNorm2d(4))
        self.prompt_encoder = nn.Linear(2, 3)
        self.mask_decoder = nn.Linear(3, 4)


@pytest.fixture
def trained():
    model = Tiny(seed=1)
    model.image_encoder[1].running_mean.uniform_()
    return model


def assert_same(model, expected, tolerance=0.0):
    for key, value in expected.state_dict().items():
        torch.testing.assert_close(model.state_dict()[key], value, atol=tolerance, rtol=tolerance)


def loaded(path, decoder=None):
    model = Tiny(seed=2)
    checkpoints.load(model, path, decoder)
    return model


def saved(tmp_path, content, name="checkpoint.pth", **options):
    torch.save(content, tmp_path / name, **options)
    return tmp_path / name


@pytest.mark.parametrize("wrap", [
    pytest.param(lambda state: state, id="plain"),
    pytest.param(lambda state: {"state_dict": state}, id="state_dict"),
    pytest.param(lambda state: {"model": state, "epoch": 3, "loss": torch.tensor(0.5)}, id="model"),
    pytest.param(lambda state: {"module." + key: value for key, value in state.items()}, id="data-parallel"),
])
@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "before-1.6"])
def test_state_dicts_load_however_they_are_wrapped(tmp_path, trained, wrap, zipped):
    path = saved(tmp_path, wrap(trained.state_dict()), _use_new_zipfile_serialization=zipped)
    assert_same(loaded(path), trained)


def test_a_lightning_fine_tune_loads_and_its_settings_are_never_imported(tmp_path, trained):
    content = {
        "state_dict": {"model." + key: value for key, value in trained.state_dict().items()},
        "hyper_parameters": {"optimizer": functools.partial(torch.optim.AdamW, lr=1e-4), "net": nn.Linear(2, 2),
                             "root": pathlib.PurePosixPath("/data")},
        "callbacks": {"ModelCheckpoint": {"best_model_score": torch.tensor(0.9), "kth_best": {"a", "b"}}},
        "optimizer_states": [torch.optim.AdamW(trained.parameters()).state_dict()],
    }
    assert_same(loaded(saved(tmp_path, content, "last.ckpt")), trained)


def test_a_distillation_takes_its_decoder_from_another_checkpoint_and_drops_the_teacher(tmp_path, trained):
    base = Tiny(seed=3)
    state = {"student_encoder." + key: value for key, value in trained.image_encoder.state_dict().items()}
    state["teacher_encoder.blocks.0.weight"] = torch.zeros(5)
    path = saved(tmp_path, {"state_dict": state}, "distil.ckpt")
    with pytest.raises(CheckpointError, match="got the encoder of a distillation only"):
        loaded(path)
    model = loaded(path, saved(tmp_path, base.state_dict(), "medsam.pth"))
    assert_same(model.image_encoder, trained.image_encoder)
    assert_same(model.prompt_encoder, base.prompt_encoder)
    assert_same(model.mask_decoder, base.mask_decoder)


def test_a_decoder_beside_a_whole_checkpoint_is_refused(tmp_path, trained):
    path = saved(tmp_path, trained.state_dict())
    with pytest.raises(CheckpointError, match="decoder must be left out"):
        loaded(path, path)


def test_safetensors_load(tmp_path, trained):
    save_file(trained.state_dict(), tmp_path / "model.safetensors")
    assert_same(loaded(tmp_path / "model.safetensors"), trained)


@pytest.mark.parametrize("half", [True, False])
def test_what_is_written_loads_again(tmp_path, trained, half):
    paths = checkpoints.write(trained, tmp_path / "weights", half=half)
    assert [path.name for path in paths] == ["weights-00.npz"]
    assert_same(loaded(tmp_path / "weights"), trained, tolerance=1e-3 if half else 0)
    assert_same(loaded(paths[0]), trained, tolerance=1e-3 if half else 0)
    with np.load(paths[0]) as arrays:
        assert arrays["image_encoder.0.weight"].dtype == (np.float16 if half else np.float32)
        assert arrays["image_encoder.1.running_var"].dtype == np.float32  # small, and float16 would round it to zero


def test_large_weights_are_written_in_pieces_of_at_most_16_mib(tmp_path):
    model = nn.Sequential(*(nn.Linear(1500, 1500) for _ in range(8)))
    paths = checkpoints.write(model, tmp_path)
    assert len(paths) == 3
    assert all(path.stat().st_size <= checkpoints.MAX_PIECE_BYTES for path in paths)
    again = nn.Sequential(*(nn.Linear(1500, 1500) for _ in range(8)))
    checkpoints.load(again, tmp_path)
    assert_same(again, model, tolerance=1e-3)
    assert [path.read_bytes() for path in checkpoints.write(model, tmp_path / "again")] == [p.read_bytes() for p in paths]


def faulty(trained, **changes):
    state = trained.state_dict()
    for key, value in changes.items():
        if value is None:
            del state[key]
        else:
            state[key] = value
    return state


@pytest.mark.parametrize(("changes", "message"), [
    ({"mask_decoder.bias": None}, "missing mask_decoder.bias$"),
    ({"mask_decoder.extra": torch.zeros(1)}, "no key that the network has not, got mask_decoder.extra$"),
    ({"mask_decoder.bias": torch.zeros(5)}, r"mask_decoder.bias must have shape \(4,\), got \(5,\)"),
    ({"mask_decoder.bias": torch.zeros(4, dtype=torch.int64)}, "mask_decoder.bias must be of kind torch.float32, got torch.int"),
    ({"mask_decoder.bias": torch.full((4,), torch.nan)}, "mask_decoder.bias must be finite, got NaN or infinity"),
    ({"mask_decoder.bias": torch.zeros(4).to_sparse()}, "mask_decoder.bias must be a dense tensor"),
    ({"mask_decoder.bias": torch.zeros(4, device="meta")}, "mask_decoder.bias must be a dense tensor with values"),
    ({"mask_decoder.bias": torch.zeros(4, dtype=torch.complex64)}, "mask_decoder.bias must be of kind"),
    ({"mask_decoder.bias": [1, 2, 3, 4]}, "mask_decoder.bias must be a tensor, got list"),
])
def test_what_does_not_fit_is_named(tmp_path, trained, changes, message):
    with pytest.raises(CheckpointError, match=message):
        loaded(saved(tmp_path, faulty(trained, **changes)))


def test_many_missing_keys_are_counted(tmp_path):
    with pytest.raises(CheckpointError, match=r"missing image_encoder.0.weight, .* \(9 in all\)"):
        loaded(saved(tmp_path, {"something.else": torch.zeros(1)}))


class Malicious:
    """Unpickling this creates a file."""

    def __init__(self, witness):
        self.command = f"touch {witness}"

    def __reduce__(self):
        return os.system, (self.command,)


@pytest.mark.parametrize("write", [
    pytest.param(lambda content, path: torch.save(content, path), id="zip"),
    pytest.param(lambda content, path: torch.save(content, path, _use_new_zipfile_serialization=False), id="before-1.6"),
    pytest.param(lambda content, path: path.write_bytes(pickle.dumps(content)), id="bare-pickle"),
    pytest.param(lambda content, path: np.savez(path.with_suffix(".npz"), weight=np.array([content], dtype=object)), id="npz"),
])
def test_a_malicious_checkpoint_is_refused_and_not_executed(tmp_path, trained, write):
    witness = tmp_path / "executed"
    write({"state_dict": trained.state_dict(), "hyper_parameters": Malicious(witness)}, tmp_path / "evil.ckpt")
    path = next(tmp_path.glob("evil.*"))
    with pytest.raises(CheckpointError, match="got a reference to posix.system|must be an intact"):
        loaded(path)
    assert not witness.exists()


def test_a_stand_in_for_settings_does_not_let_a_call_through(tmp_path, trained):
    witness = tmp_path / "executed"
    settings = functools.partial(os.system, f"touch {witness}")
    with pytest.raises(CheckpointError, match="got a reference to posix.system"):
        loaded(saved(tmp_path, {"state_dict": trained.state_dict(), "hyper_parameters": settings}))
    assert not witness.exists()


@pytest.mark.parametrize("name", ["checkpoint.pth", "weights.npz", "model.safetensors"])
@pytest.mark.parametrize("damage", [
    pytest.param(lambda data: b"", id="empty"),
    pytest.param(lambda data: data[:len(data) // 2], id="truncated"),
    pytest.param(lambda data: data[:100] + bytes(100) + data[200:], id="overwritten-head"),
    pytest.param(lambda data: b"not a checkpoint at all", id="text"),
])
def test_a_damaged_file_gives_one_clear_error(tmp_path, trained, name, damage):
    path = tmp_path / name
    if name.endswith(".npz"):
        np.savez(path, **{key: value.numpy() for key, value in trained.state_dict().items()})
    elif name.endswith(".safetensors"):
        save_file(trained.state_dict(), path)
    else:
        torch.save(trained.state_dict(), path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(CheckpointError, match="checkpoint must") as error:
        loaded(path)
    assert "\n" not in str(error.value) and str(tmp_path) not in str(error.value)


def test_flipped_bits_in_the_weights_are_noticed(tmp_path, trained):
    path = saved(tmp_path, trained.state_dict())
    with zipfile.ZipFile(path) as archive:
        record = max((info for info in archive.infolist() if "/data/" in info.filename), key=lambda info: info.file_size)
        payload = archive.read(record)
    data = bytearray(path.read_bytes())
    start = data.find(payload)
    data[start] ^= 1
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match="checkpoint must be an intact PyTorch file"):
        loaded(path)


@pytest.mark.parametrize(("content", "found"), [
    ([torch.zeros(1)], "got list"),
    (torch.zeros(1), "got Tensor"),
    (nn.Linear(2, 2), "got a whole pickled model"),
    ({}, "got none"),
])
def test_what_is_no_state_dict_is_refused(tmp_path, content, found):
    with pytest.raises(CheckpointError, match=found):
        loaded(saved(tmp_path, content))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="got neither"):
        loaded(tmp_path / "nothing.pth")
    with pytest.raises(CheckpointError, match="must hold npz files, got none"):
        loaded(tmp_path)
