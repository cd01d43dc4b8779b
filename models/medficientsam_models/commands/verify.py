"""`medficientsam-models verify`: is a bundle what it says, and what did quantisation cost?"""

import argparse
import os
import sys
from pathlib import Path

import yaml

from ..evaluation import cases, drift
from ..verification.verify import verify
from . import arguments


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder with manifest.yaml, encoder.onnx and decoder.onnx")
    parser.add_argument("--against", type=Path, metavar="FP32_BUNDLE",
                        help="bundle of the same network to measure embedding error, mask IoU and change of DSC against")
    parser.add_argument("--labelled", type=Path, metavar="DIR",
                        help="folder of challenge npz with gts, to measure DSC on, by the bundle's own rules")
    parser.add_argument("--threads", type=arguments.at_least(1), default=os.cpu_count(), help="threads of ONNX Runtime (default: all)")


def run(args: argparse.Namespace) -> int:
    """0 if everything holds, 1 if a check of either bundle fails; drift is measured, not judged."""
    folders = [args.bundle] + ([args.against] if args.against else [])
    failed = False
    for folder in folders:
        for finding in verify(folder):
            failed |= not finding.passed
            print(f"{'ok' if finding.passed else 'FAIL':4}  {finding.check:10}  {finding.detail}", flush=True)
    if failed:
        return 1
    if args.against or args.labelled:
        bundle, *others = (drift.Shipped.open(folder, args.threads) for folder in folders)
        for other in others:
            drift.check_comparable(bundle.manifest, other.manifest)
        measured = drift.measure(bundle, others[0] if others else None,
                                 cases.labelled(args.labelled) if args.labelled else (),
                                 lambda line: print(line, file=sys.stderr, flush=True))
        print(yaml.safe_dump(measured.report(), sort_keys=False), end="")
    return 0
