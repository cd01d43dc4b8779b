"""`medficientsam-models benchmark`: what the Java benchmark measures, without trained weights; and what prompts cost a propagator."""

import argparse
from pathlib import Path

from ..bundle.files import PROPAGATOR
from ..errors import InvalidInputError
from ..networks.variants import PUBLISHED_VARIANTS, VARIANTS
from . import arguments


def configure(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, help="folder for VARIANT-plain, VARIANT-fp32, VARIANT-int8 and the peaks")
    what.add_argument("--propagator", type=Path, metavar="BUNDLE",
                      help="print how its decodes slow down with the number of other prompts instead, on one thread")
    parser.add_argument("--variants", nargs="+", default=["l0"], choices=PUBLISHED_VARIANTS)
    parser.add_argument("--rounds", type=arguments.at_least(1), default=20,
                        help="with --propagator: decodes of each number, the fastest counts")


def run(args: argparse.Namespace) -> int:
    return _decode_times(args.propagator, args.rounds) if args.propagator else _write(args.out, args.variants)


def _write(folder: Path, variants: list[str]) -> int:
    from ..benchmark import untrained  # loads PyTorch and ONNX only here

    for name in untrained.write_peaks(folder):
        print(f"wrote {name}", flush=True)
    for variant in variants:
        for name in untrained.write_bundles(VARIANTS[variant], folder):
            print(f"wrote {name}", flush=True)
    return 0


def _decode_times(bundle: Path, rounds: int) -> int:
    from ..benchmark import decode_times  # loads ONNX Runtime only here

    if not (bundle / PROPAGATOR).is_file():
        raise InvalidInputError(f"bundle must hold a {PROPAGATOR}, {bundle.name} has none")
    best = decode_times.seconds(bundle / PROPAGATOR, rounds)
    print("| other prompts | ms | times |\n|---|---|---|")
    for count, value in best.items():
        print(f"| {count} | {value * 1e3:.1f} | {value / best[decode_times.COUNTS[0]]:.2f} |")
    return 0
