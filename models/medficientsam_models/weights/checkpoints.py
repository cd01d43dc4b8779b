"""Weights from files: PyTorch checkpoints of every kind the original projects publish, safetensors, and our own npz.

No code in a checkpoint is ever executed. What is read must fit the network key by key; nothing is skipped in silence.
"""

import io
import pickle
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.serialization import get_unsafe_globals_in_checkpoint, safe_globals

from ..errors import InvalidInputError

MAX_PIECE_BYTES = 16 * 2**20
COUNTER = "num_batches_tracked"  # only training with momentum None reads it; our own files leave it out
_T = TypeVar("_T")
_DECODER = ("prompt_encoder.", "mask_decoder.")

# Lightning stores its settings beside the weights: objects of these modules come back as inert stand-ins.
_BAGGAGE = ("functools.partial", "pathlib.", "omegaconf.", "lightning.", "lightning_fabric.", "lightning_utilities.",
            "pytorch_lightning.", "src.", "torch.optim.", "torch.nn.", "torchmetrics.", "typing.Any",
            "collections.defaultdict", "builtins.dict", "builtins.list", "builtins.int", "builtins.float")


class CheckpointError(InvalidInputError):
    """A checkpoint cannot be read, or does not fit the network."""


def load(model: nn.Module, path: Path, decoder: Path | None = None) -> None:
    """Loads a checkpoint into a network, in its own precision (float32).

    Accepts plain state dicts (also under `state_dict` or `model`), Lightning fine-tunes (keys under `model.`) and
    distillations (`student_encoder.`; the teacher is dropped). Distillations train the encoder alone: prompt encoder and mask
    decoder then come from `decoder`, the checkpoint of the model they were taken from. A folder is read as the pieces
    that `write` made.
    """
    state = state_dict(path)
    student = _under("student_encoder.", state)
    if student:
        if decoder is None:
            raise CheckpointError("checkpoint must hold prompt encoder and mask decoder, got the encoder of a distillation "
                                  "only: name the checkpoint they come from as decoder")
        state = {f"image_encoder.{key}": value for key, value in student.items()}
        state |= {key: value for key, value in _unwrap(read(decoder)).items() if key.startswith(_DECODER)}
    elif decoder is not None:
        raise CheckpointError("decoder must be left out, as the checkpoint is not a distillation")
    _check(model.state_dict(), state)
    # A missing counter keeps its value: strict here could only complain about that.
    model.load_state_dict(state, strict=False)


def state_dict(path: Path) -> dict[str, Tensor]:
    """The tensors of a checkpoint, by the names the network itself would use."""
    return _unwrap(read(path))


def load_smaller(model: nn.Module, path: Path) -> None:
    """Loads the weights of a shallower network of the same kind; blocks that it does not have stay as they are."""
    state = _unwrap(read(path))
    _check({key: value for key, value in model.state_dict().items() if key in state}, state)
    model.load_state_dict(state, strict=False)


def read(path: Path) -> Mapping[str, object]:
    """What a file or a folder of pieces holds, unpacked but not interpreted."""
    if path.is_dir():
        pieces = sorted(path.glob("*.npz"))
        if not pieces:
            raise CheckpointError("checkpoint folder must hold npz files, got none")
        return {key: value for piece in pieces for key, value in _read_npz(piece).items()}
    if not path.is_file():
        raise CheckpointError("checkpoint must be a file or a folder of npz files, got neither")
    if path.suffix == ".safetensors":
        return _guarded("safetensors", lambda: load_file(path), SafetensorError)
    if path.suffix == ".npz":
        return _read_npz(path)
    return _read_torch(path)


def write(model: nn.Module, folder: Path, *, half: bool = True) -> list[Path]:
    """Writes the weights as npz pieces of at most 16 MiB: matrices in float16 if `half`, everything else in float32."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces: list[dict[str, np.ndarray]] = [{}]
    filled = 0
    for key, value in model.state_dict().items():
        if key.endswith(COUNTER):
            continue
        array = value.detach().cpu().numpy()
        array = array.astype(np.float16 if half and array.ndim > 1 else np.float32)
        size = array.nbytes + len(key) * 2 + 512  # npy and zip headers
        if pieces[-1] and filled + size > MAX_PIECE_BYTES:
            pieces.append({})
            filled = 0
        pieces[-1][key] = array
        filled += size
    for stale in folder.glob("weights-*.npz"):
        stale.unlink()
    paths = [folder / f"weights-{i:02}.npz" for i in range(len(pieces))]
    for path, piece in zip(paths, pieces, strict=True):
        np.savez_compressed(path, **piece)
    return paths


class _Inert:
    """Stands in for an object of somebody else's class: takes whatever it is given, does nothing."""

    def __new__(cls, *_args: object, **_kwargs: object) -> "_Inert":
        return super().__new__(cls)

    def __init__(self, *_args: object, **_kwargs: object) -> None:
        pass

    def __setstate__(self, _state: object) -> None:
        pass


def _read_torch(path: Path) -> Mapping[str, object]:
    def unpickle() -> object:
        refused = [name for name in unsafe if not name.startswith(_BAGGAGE)]
        if refused:
            raise CheckpointError(f"checkpoint must hold tensors only, got a reference to {_some(refused)}")
        with safe_globals([(_Inert, name) for name in unsafe]), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # advice on pickle protocols; what is wrong we say ourselves
            return torch.load(path, map_location="cpu", weights_only=True)

    damage = (RuntimeError, pickle.UnpicklingError, EOFError, ValueError, KeyError, IndexError, AttributeError, TypeError,
              OSError, zipfile.BadZipFile, UnicodeDecodeError, OverflowError, MemoryError, AssertionError)
    unsafe = _guarded("PyTorch", lambda: _globals_in(path), *damage)
    content = _guarded("PyTorch", unpickle, *damage)
    if not isinstance(content, Mapping):
        found = "a whole pickled model" if isinstance(content, _Inert) else type(content).__name__
        raise CheckpointError(f"checkpoint must be a state dict, got {found}")
    return content


def _globals_in(path: Path) -> list[str]:
    """Everything a checkpoint's pickle would import, beyond what PyTorch needs to build tensors."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()  # PyTorch itself does not compare checksums
        if damaged:
            raise CheckpointError("checkpoint must be an intact PyTorch file, got a wrong checksum")
        return get_unsafe_globals_in_checkpoint(path)
    # The format before PyTorch 1.6 cannot be scanned; loading then refuses whatever is not a tensor.
    return []


def _read_npz(path: Path) -> Mapping[str, object]:
    def unpack() -> dict[str, Tensor]:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            return {key: torch.from_numpy(arrays[key]) for key in arrays.files}

    return _guarded("npz", unpack, ValueError, OSError, EOFError, KeyError, TypeError, zipfile.BadZipFile, zipfile.zlib.error,
                    NotImplementedError, SyntaxError)


def _guarded(format: str, read: Callable[[], _T], *damage: type[Exception]) -> _T:
    try:
        return read()
    except CheckpointError:
        raise
    except damage as error:
        foreign = re.search(r"GLOBAL ([\w.]+)", str(error))
        if foreign:
            raise CheckpointError(f"checkpoint must hold tensors only, got a reference to {foreign[1]}") from error
        raise CheckpointError(f"checkpoint must be an intact {format} file, got one that cannot be read "
                              f"({type(error).__name__})") from error


def _unwrap(content: Mapping[str, object]) -> dict[str, Tensor]:
    """The state dict inside a checkpoint, by the names the network itself would use."""
    for name in ("state_dict", "model"):
        if isinstance(content.get(name), Mapping):
            content = content[name]
            break
    for key, value in content.items():
        if not isinstance(key, str) or not isinstance(value, Tensor):
            raise CheckpointError(f"{key} must be a tensor, got {type(value).__name__}")
    if not content:
        raise CheckpointError("checkpoint must hold tensors, got none")
    for prefix in ("model.", "module."):
        inner = _under(prefix, content)
        if inner:
            content = inner | {key: value for key, value in content.items() if not key.startswith(prefix)}
    return dict(content)


def _under(prefix: str, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)}


def _check(expected: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> None:
    missing = [key for key in expected if key not in found and not key.endswith(COUNTER)]
    if missing:
        raise CheckpointError(f"checkpoint must have every key of the network, missing {_some(missing)}")
    unexpected = [key for key in found if key not in expected]
    if unexpected:
        raise CheckpointError(f"checkpoint must have no key that the network has not, got {_some(unexpected)}")
    for key, value in found.items():
        if value.layout is not torch.strided or value.device.type != "cpu":
            raise CheckpointError(f"{key} must be a dense tensor with values, got {value.layout} on {value.device.type}")
        shape, wanted = tuple(value.shape), tuple(expected[key].shape)
        if shape != wanted:
            raise CheckpointError(f"{key} must have shape {wanted}, got {shape}")
        if value.is_floating_point() != expected[key].is_floating_point():
            raise CheckpointError(f"{key} must be of kind {expected[key].dtype}, got {value.dtype}")
        if not torch.isfinite(value).all():
            raise CheckpointError(f"{key} must be finite, got NaN or infinity")


def _some(names: Iterable[str]) -> str:
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:3])} ({len(names)} in all)"
