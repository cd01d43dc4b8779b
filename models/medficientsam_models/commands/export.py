"""`medficientsam-models export`: a checkpoint as a bundle that the Java segmenter runs."""

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml

from ..errors import InvalidInputError
from ..networks.variants import VARIANTS
from ..pipeline.rules import PUBLISHED
from ..weights import checkpoints
from ..weights.recognise import require

_UNSTATED = "LicenseRef-unstated"
LITEMEDSAM = "litemedsam"  # the variant, and the rules of its own script


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--variant", choices=VARIANTS, help="default: recognised by the checkpoint's keys")
    parser.add_argument("--rules", choices=PUBLISHED, help="to run it by; default: medficientsam, and litemedsam for that variant")
    parser.add_argument("--checkpoint", required=True, type=Path, help="PyTorch file, safetensors, npz or folder of npz pieces")
    parser.add_argument("--decoder", type=Path, help="checkpoint that a distillation's prompt encoder and decoder come from")
    parser.add_argument("--out", required=True, type=Path, help="the bundle's folder; its name becomes the bundle's id")
    parser.add_argument("--plain", action="store_true", help="the graph PyTorch's exporter makes, as a baseline")
    parser.add_argument("--int8", action="store_true", help="quantise the encoder; needs --calibrate")
    parser.add_argument("--calibrate", type=Path, metavar="DIR", help="challenge cases or pictures, a sub-folder per modality")
    parser.add_argument("--exact-gelu", action="store_true", help="with --int8: keep GELU in fp32 (slower, for comparison)")
    parser.add_argument("--origin", help="where the weights come from; default: converted from the checkpoint's name")
    parser.add_argument("--trained-on", type=Path, metavar="FILE", help="data sets the weights have seen, one name a line")
    parser.add_argument("--scores", type=Path, metavar="FILE", help="measured scores to state in the manifest, YAML as of verify")
    parser.add_argument("--licence", help="of the weights: SPDX identifier or file in the bundle")


def run(args: argparse.Namespace) -> int:
    from ..export.write import RULES, export_bundle  # loads onnx and ONNX Runtime only here

    if not args.int8 and (args.calibrate or args.exact_gelu):
        raise InvalidInputError("--calibrate and --exact-gelu must come with --int8, got them without")
    name = args.variant if args.decoder else require(checkpoints.state_dict(args.checkpoint), args.variant)
    variant = VARIANTS[name]
    model = variant.build().eval()
    checkpoints.load(model, args.checkpoint, args.decoder)
    scores = _scores(args.scores) if args.scores else {}
    trained_on = args.trained_on.read_text(encoding="utf-8").splitlines() if args.trained_on else []
    export_bundle(
        model,
        variant.id,
        args.out,
        plain=args.plain,
        int8=args.int8,
        calibration=args.calibrate,
        exact_gelu=args.exact_gelu,
        licence=args.licence or _UNSTATED,
        weights_origin=args.origin or f"converted from {args.checkpoint.name}",
        trained_on=[name for name in trained_on if name.strip()],
        scores=scores,
        rules=args.rules or (LITEMEDSAM if variant.id == LITEMEDSAM else RULES),
    )
    for option, given in (("--licence", args.licence), ("--origin", args.origin)):
        if not given:
            print(f"{args.out.name}: a checkpoint does not say it, so please name {option}", file=sys.stderr)
    print(f"{args.out.name}: wrote encoder.onnx, decoder.onnx and manifest.yaml")
    return 0


def _scores(file: Path) -> dict[str, Any]:
    try:
        scores = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"scores must be YAML, got {type(error).__name__}") from error
    if not isinstance(scores, dict):
        raise InvalidInputError(f"scores must be a mapping, got {type(scores).__name__}")
    return scores
