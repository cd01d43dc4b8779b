"""`medficientsam-models export-propagator`: adds the decoder for volumes to a bundle."""

import argparse
from dataclasses import fields, replace
from pathlib import Path

from . import checkpoints
from .bundle import PROPAGATOR, STEADY, Manifest, check_files, write_atomically, write_manifest
from .errors import InvalidInputError
from .networks.nano_config import NanoConfig
from .networks.nano_propagator import NanoPropagator
from .networks.variants import VARIANTS
from .propagation import TRAINED_WITH, Shape


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--variant", required=True, choices=("nano", "micro"))
    parser.add_argument("--checkpoint", required=True, type=Path, help="what train-propagator wrote")
    parser.add_argument("--bundle", required=True, type=Path, help="the bundle whose encoder it was trained with")
    parser.add_argument("--shape", nargs=2, type=float, default=(0.0, 0.0), metavar=("SIDES", "ENDS"),
                        help="what fit-propagation found for this propagator (default: 0 0, no correction)")


def run(args: argparse.Namespace) -> int:
    from .export import nano  # loads onnx only here

    config = VARIANTS[args.variant].build().config
    manifest = manifest_of(args.bundle, args.variant, config)
    model = NanoPropagator(config).eval()
    checkpoints.load(model, args.checkpoint)
    state = {key: value.numpy() for key, value in model.state_dict().items()}
    write_atomically(args.bundle / PROPAGATOR,
                     nano.propagator(state, config.input_size, config.decoder_heads).SerializeToString())
    manifest = replace(manifest, rules=STEADY, propagation=replace(TRAINED_WITH, shape=Shape(*args.shape)))
    write_manifest(args.bundle, **{field.name: getattr(manifest, field.name) for field in fields(manifest)
                                   if field.name != "files"})
    print(f"{manifest.id}: wrote {PROPAGATOR} and manifest.yaml")
    return 0


def manifest_of(bundle: Path, variant: str, config: NanoConfig) -> Manifest:
    """The checked manifest of a bundle whose encoder gives what a propagator of the variant takes: tokens."""
    manifest = Manifest.read(bundle)
    check_files(bundle, manifest)
    expected = config.input_size, (1, (config.input_size // 4) ** 2, config.embedding_channels)
    if (manifest.input_size, manifest.embedding.shape) != expected:
        raise InvalidInputError(f"bundle must be of variant {variant} with embedding {expected[1]}, "
                                f"got {manifest.id} with {manifest.embedding.shape}")
    return manifest
