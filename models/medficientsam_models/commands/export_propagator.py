"""`medficientsam-models export-propagator`: adds the decoder for volumes to a bundle, and makes the rules `steady` its own."""

import argparse
from dataclasses import replace
from pathlib import Path

from ..bundle.files import PROPAGATOR, write_atomically
from ..bundle.folder import of_variant, rewrite_manifest
from ..bundle.manifest import STEADY
from ..bundle.propagation import TRAINED_WITH, Shape
from ..networks.nano_propagator import NanoPropagator
from ..networks.variants import VARIANTS
from ..weights import checkpoints
from .train_propagator import NANO_FAMILY


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--variant", required=True, choices=NANO_FAMILY)
    parser.add_argument("--checkpoint", required=True, type=Path, help="what train-propagator wrote")
    parser.add_argument("--bundle", required=True, type=Path, help="the bundle whose encoder it was trained with")
    parser.add_argument("--shape", nargs=2, type=float, default=(0.0, 0.0), metavar=("SIDES", "ENDS"),
                        help="what fit-propagation found for this propagator (default: 0 0, no correction)")


def run(args: argparse.Namespace) -> int:
    from ..export.nano_propagator import propagator  # loads onnx only here

    config = VARIANTS[args.variant].build().config
    manifest = of_variant(args.bundle, args.variant, config.input_size, config.embedding_channels)
    model = NanoPropagator(config).eval()
    checkpoints.load(model, args.checkpoint)
    state = {key: value.numpy() for key, value in model.state_dict().items()}
    graph = propagator(state, config.volume_size or config.input_size, config.decoder_heads, eight_bit=manifest.precision == "int8")
    write_atomically(args.bundle / PROPAGATOR, graph.SerializeToString())
    propagation = replace(TRAINED_WITH, shape=Shape(*args.shape), input_size=config.volume_size)
    rewrite_manifest(args.bundle, replace(manifest, rules=STEADY, propagation=propagation))
    print(f"{manifest.id}: wrote {PROPAGATOR} and manifest.yaml")
    return 0
