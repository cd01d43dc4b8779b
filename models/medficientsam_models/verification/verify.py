"""Whether a bundle is what its manifest says: files, signatures, and the counts of the architecture it names."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from ..bundle.fields import BundleError
from ..bundle.files import DECODER, ENCODER, PROPAGATOR
from ..bundle.folder import check_files
from ..bundle.manifest import Manifest
from ..networks.variants import Variant, variants_of
from .counts import Counts, as_published, count_variant

# Of a graph's weights to the encoder's parameters: folding drops the norms', tables of relative positions are written out.
_WEIGHTS_SHARE = (0.97, 1.25)


@dataclass(frozen=True)
class Finding:
    """One check and its outcome; `detail` says what was found, and what was expected where that differs."""

    check: str
    passed: bool
    detail: str


def verify(folder: Path) -> Iterator[Finding]:
    """Checks a bundle folder; later checks rest on earlier ones, so the first three end it when they fail."""
    try:
        manifest = Manifest.read(folder)
    except BundleError as error:
        yield Finding("manifest", False, str(error))
        return
    yield Finding("manifest", True, f"{manifest.id}: {manifest.architecture}, {manifest.precision}")
    try:
        check_files(folder, manifest)
    except BundleError as error:
        yield Finding("hashes", False, str(error))
        return
    names = [file.name for file in manifest.files]
    yield Finding("hashes", True, f"{', '.join(names)} as pinned")
    try:
        graphs = {name: _load(folder, name) for name in names}
        _check_signatures(folder, manifest)
    except BundleError as error:
        yield Finding("signatures", False, str(error))
        return
    yield Finding("signatures", True, f"image {manifest.input_size} x {manifest.input_size}, "
                                      f"embedding {manifest.embedding.shape}, mask {manifest.mask_size} x {manifest.mask_size}")
    yield from _check_counts(manifest, graphs)


def _load(folder: Path, name: str) -> onnx.ModelProto:
    try:
        model = onnx.load(folder / name, load_external_data=False)
        for tensor in model.graph.initializer:
            if tensor.data_location == onnx.TensorProto.EXTERNAL:
                raise BundleError(f"{name} must hold its weights itself, got {tensor.name} in another file")
        onnx.checker.check_model(model)
    except BundleError:
        raise
    except Exception as error:  # protobuf, the checker and shape inference each have their own
        raise BundleError(f"{name} must be a valid ONNX file, got one that fails ONNX's checker "
                          f"({type(error).__name__})") from error
    return model


def _check_signatures(folder: Path, manifest: Manifest) -> None:
    """Names, types and shapes as SCHEMA.md has them, by running both graphs once with two boxes."""
    encoder, decoder = (_session(folder, name) for name in (ENCODER, DECODER))
    size, boxes = manifest.input_size, np.array([[0.25, 0.25, 0.75, 0.75], [0.5, 0.5, 0.5, 0.5]], np.float32)
    _expect(ENCODER, "inputs", encoder.get_inputs(), ["image"])
    _expect(ENCODER, "outputs", encoder.get_outputs(), ["image_embeddings"])
    _expect(DECODER, "inputs", decoder.get_inputs(), ["boxes", "image_embeddings"])
    _expect(DECODER, "outputs", decoder.get_outputs(), ["iou", "low_res_masks"])
    image = np.zeros((1, 3, size, size), np.float32)
    embedding, = _run(ENCODER, encoder, ["image_embeddings"], {"image": image})
    _expect_shape(ENCODER, "image_embeddings", embedding, manifest.embedding.shape)
    masks, iou = _run(DECODER, decoder, ["low_res_masks", "iou"], {"image_embeddings": embedding, "boxes": boxes})
    _check_masks(DECODER, manifest.mask_size, masks, iou)
    if any(file.name == PROPAGATOR for file in manifest.files):
        propagator, settings = _session(folder, PROPAGATOR), manifest.propagation
        assert settings is not None  # a manifest with a propagator has them
        shown = settings.input_size or size
        side = manifest.mask_size * shown // size
        if shown != size:
            embedding, = _run(ENCODER, encoder, ["image_embeddings"], {"image": np.zeros((1, 3, shown, shown), np.float32)})
        _expect(PROPAGATOR, "inputs", propagator.get_inputs(),
                ["boxes", "has_mask_input", "heights", "image_embeddings", "mask_input", "other_boxes", "other_heights",
                 "other_ranks", "prompt_boxes", "start_appearance"])
        _expect(PROPAGATOR, "outputs", propagator.get_outputs(), ["appearance", "iou", "low_res_masks"])
        seen = {arg.name: arg.shape for arg in propagator.get_inputs()}["start_appearance"][1]
        if not isinstance(seen, int):
            raise BundleError(f"{PROPAGATOR}: start_appearance must be of a fixed length, got {seen}")
        masks, iou, look = _run(PROPAGATOR, propagator, ["low_res_masks", "iou", "appearance"], {
            "image_embeddings": embedding, "boxes": boxes, "mask_input": np.zeros((2, 1, side, side), np.float32),
            "has_mask_input": np.array([[0], [1]], np.float32), "prompt_boxes": boxes, "heights": np.array([[0], [1]], np.float32),
            "other_boxes": np.stack([boxes, boxes[::-1], boxes], axis=1), "other_heights": np.zeros((2, 3), np.float32),
            "other_ranks": np.array([[1, -1, 0]] * 2, np.float32), "start_appearance": np.zeros((2, seen), np.float32)})
        _check_masks(PROPAGATOR, side, masks, iou)
        _expect_shape(PROPAGATOR, "appearance", look, (2, seen))


def _check_masks(graph: str, side: int, masks: np.ndarray, iou: np.ndarray) -> None:
    """What two boxes on a black image gave."""
    _expect_shape(graph, "low_res_masks", masks, (2, 1, side, side))
    _expect_shape(graph, "iou", iou, (2, 1))
    for name, values in (("low_res_masks", masks), ("iou", iou)):
        if not np.isfinite(values).all():
            raise BundleError(f"{graph}: {name} must be finite for a black image, got NaN or infinity")


def _session(folder: Path, name: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # what fails is said once, by us
    try:
        return onnxruntime.InferenceSession(folder / name, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's exceptions have no common base
        raise BundleError(f"{name} must load in ONNX Runtime, got {type(error).__name__}") from error


def _run(name: str, session: onnxruntime.InferenceSession, outputs: list[str],
         inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
    try:
        return session.run(outputs, inputs)
    except Exception as error:
        shapes = ", ".join(f"{key} {value.shape}" for key, value in inputs.items())
        raise BundleError(f"{name} must run on float32 {shapes}, got {type(error).__name__}") from error


def _expect(name: str, what: str, found: list[onnxruntime.NodeArg], expected: list[str]) -> None:
    names = sorted(arg.name for arg in found)
    if names != expected:
        raise BundleError(f"{name} must have {what} {', '.join(expected)}, got {', '.join(names)}")
    for arg in found:
        if arg.type != "tensor(float)":
            raise BundleError(f"{name}: {arg.name} must be float32, got {arg.type}")


def _expect_shape(name: str, output: str, found: np.ndarray, expected: tuple[int, ...]) -> None:
    if found.shape != expected:
        raise BundleError(f"{name}: {output} must have shape {expected}, got {found.shape}")


def _check_counts(manifest: Manifest, graphs: dict[str, onnx.ModelProto]) -> Iterator[Finding]:
    candidates = {variant.id: count_variant(variant) for variant in variants_of(manifest.architecture)
                  if variant.input_size == manifest.input_size}
    if not candidates:
        yield Finding("counts", False, f"no {manifest.architecture} of input size {manifest.input_size} is known here")
        return
    # Of our own family several may have one input size; the manifest's parameters tell which is meant.
    chosen = min(candidates, key=lambda id: abs(candidates[id].parameters - manifest.parameters))
    variant = next(variant for variant in variants_of(manifest.architecture) if variant.id == chosen)
    counts = candidates[chosen]
    yield _compare("parameters", manifest.parameters, counts.parameters, variant)
    yield _compare("macs", manifest.macs, counts.macs, variant)
    yield _check_weights(graphs[ENCODER], counts)


def _compare(what: str, stated: int, counted: int, variant: Variant) -> Finding:
    published = getattr(variant.published, what, None)
    origin = f"{variant.published.method} in the published table" if published else f"{variant.id} as defined here"
    expected = published or as_published(counted)
    passed = stated == counted and as_published(stated) == expected
    return Finding(what, passed, f"{stated} = {as_published(stated)}, {origin} {expected}" if passed
                   else f"must be {counted} ({expected}, {origin}), got {stated}")


def _check_weights(encoder: onnx.ModelProto, counts: Counts) -> Finding:
    """Against a graph of some other network under this one's name."""
    weights = sum(int(np.prod(tensor.dims)) for tensor in encoder.graph.initializer if len(tensor.dims) > 1)
    expected = counts.encoder_parameters
    passed = _WEIGHTS_SHARE[0] <= weights / expected <= _WEIGHTS_SHARE[1]
    detail = f"{ENCODER} holds {as_published(weights)} weights of the encoder's {as_published(expected)} parameters"
    return Finding("weights", passed, detail)
