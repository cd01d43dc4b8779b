"""From a network to a bundle on disk."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import onnx
from torch import nn

from ..bundle import fields
from ..bundle.files import DECODER, ENCODER, PROPAGATOR, write_atomically
from ..bundle.folder import write_manifest
from ..bundle.manifest import Embedding, Weights
from ..errors import InvalidInputError
from ..networks.variants import VARIANTS
from ..verification import counts
from . import efficientvit, nano, nano_decoder, sam_decoder, tiny_vit, vit
from . import plain as plain_graphs
from .calibration import calibration_inputs
from .graph import State
from .quantise import quantise

RULES = "medficientsam"  # the published table runs every row, LiteMedSAM and MedSAM included, through this pipeline


def export_bundle(
    model: nn.Module,
    variant: str,
    folder: Path,
    *,
    plain: bool = False,
    int8: bool = False,
    calibration: Path | None = None,
    exact_gelu: bool = False,
    bundle_id: str | None = None,
    licence: str = "Apache-2.0",
    weights_origin: str = "untrained",
    trained_on: Sequence[str] = (),
    scores: Mapping[str, Any] | None = None,
    rules: str = RULES,
) -> Path:
    """Write ``encoder.onnx``, ``decoder.onnx`` and ``manifest.yaml`` of ``model`` to ``folder`` and return it.

    ``plain`` asks for the graph PyTorch's exporter makes, as the original project published it, instead of the rewrite.
    ``int8`` quantises the encoder with ranges measured on the images of the folder ``calibration``, and the pixels of a nano decoder.
    """
    bundle_id = bundle_id or folder.name
    fields.name("id", bundle_id)
    if int8 and plain:
        raise InvalidInputError("int8 must be asked of the rewritten graph, not of the plain one")
    if int8 and calibration is None:
        raise InvalidInputError("int8 must have a folder of images to calibrate on")
    channels, height, width = model.embedding_shape
    if plain:
        encoder, decoder = plain_graphs.encoder(model), plain_graphs.decoder(model)
        embedding = Embedding("nchw", (1, channels, height, width))
    else:
        encoder, decoder = rewritten(model, variant, int8=int8)
        embedding = Embedding("tokens", (1, height * width, channels))
    if int8:
        encoder = quantise(encoder, calibration_inputs(calibration, model.input_size), exact_gelu)
    write_atomically(folder / ENCODER, encoder.SerializeToString())
    write_atomically(folder / DECODER, decoder.SerializeToString())
    (folder / PROPAGATOR).unlink(missing_ok=True)  # of an earlier encoder
    count = counts.count(copy.deepcopy(model).to("meta"))
    write_manifest(
        folder,
        id=bundle_id,
        architecture=VARIANTS[variant].architecture,
        input_size=model.input_size,
        embedding=embedding,
        mask_size=model.mask_size,
        precision="int8" if int8 else "fp32",
        rules=rules,
        parameters=count.parameters,
        macs=count.macs,
        licence=licence,
        weights=Weights(weights_origin, tuple(trained_on)),
        scores=dict(scores or {}),
    )
    return folder


def rewritten(model: nn.Module, variant: str, *, int8: bool = False) -> tuple[onnx.ModelProto, onnx.ModelProto]:
    """Encoder and decoder as the fast graphs, equal to ``model`` up to rounding; with ``int8`` a nano decoder has 8-bit pixels."""
    state: State = {key: value.detach().cpu().numpy() for key, value in model.state_dict().items()}
    match VARIANTS[variant].architecture:
        case "nano":
            decoder = nano_decoder.decoder(state, model.input_size, model.config.decoder_heads, eight_bit=int8)
            # Where volumes have a size of their own, one graph serves both.
            return nano.encoder(state, None if model.config.volume_size else model.input_size), decoder
        case "litemedsam":
            return tiny_vit.encoder(state, model.input_size), sam_decoder.decoder(state, 1e-5)
        case "medsam":
            return vit.encoder(state, model.input_size), sam_decoder.decoder(state, 1e-5)
        case _:
            return efficientvit.encoder(state, variant, model.input_size), sam_decoder.decoder(state, 1e-6)

