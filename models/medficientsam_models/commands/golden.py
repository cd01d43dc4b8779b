"""`medficientsam-models golden`: what this implementation computes with deterministic weights."""

import argparse
from pathlib import Path

from ..networks.variants import PUBLISHED_VARIANTS, VARIANTS
from ..reference import golden


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--variant", required=True, choices=PUBLISHED_VARIANTS)
    parser.add_argument("--out", required=True, type=Path, help="folder to write golden_VARIANT.npz and its statistics to")
    parser.add_argument("--bundle", action="store_true",
                        help="also export the model to OUT/VARIANT-untrained, for measurements of speed and memory")
    parser.add_argument("--plain", action="store_true", help="export the bundle's graph as the original project would")
    parser.add_argument("--int8", action="store_true", help="quantise the bundle, calibrated on --calibrate")
    parser.add_argument("--calibrate", type=Path, help="folder of npz cases or images to calibrate on")


def run(args: argparse.Namespace) -> int:
    variant = VARIANTS[args.variant]
    print(f"{variant.id}: filling {variant.architecture} with deterministic weights", flush=True)
    model = golden.deterministic_model(variant)
    print(f"{variant.id}: one image of {variant.input_size} x {variant.input_size}, three boxes", flush=True)
    path = golden.write(golden.compute(model), variant.id, args.out)
    print(f"{variant.id}: wrote {path}", flush=True)
    if args.bundle:
        from ..export import export_bundle  # loads onnx and the exporter only where they are wanted

        bundle = export_bundle(model, variant.id, args.out / f"{variant.id}-untrained", plain=args.plain, int8=args.int8,
                               calibration=args.calibrate, weights_origin="untrained")
        print(f"{variant.id}: wrote {bundle}", flush=True)
    return 0
