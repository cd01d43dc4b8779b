"""`medficientsam-models benchmark`: everything the Java benchmark measures, for a machine that has no trained weights."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from .networks.variants import PUBLISHED_VARIANTS, VARIANTS


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--variants", nargs="+", default=["l0"], choices=PUBLISHED_VARIANTS)
    parser.add_argument("--out", required=True, type=Path, help="folder for VARIANT-plain, VARIANT-fp32, VARIANT-int8 and the peaks")


def run(args: argparse.Namespace) -> int:
    from . import benchmark  # loads PyTorch and ONNX only here

    for name in _written(benchmark, args):
        print(f"wrote {name}", flush=True)
    return 0


def _written(benchmark, args: argparse.Namespace) -> Iterator[str]:
    yield from benchmark.write_peaks(args.out)
    for variant in args.variants:
        yield from benchmark.write_bundles(VARIANTS[variant], args.out)
