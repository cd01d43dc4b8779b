"""`medficientsam-models fit-propagation`: the shape of a bundle's propagator, from volumes that it was trained on."""

import argparse
from dataclasses import replace
from pathlib import Path

from ..bundle.files import PROPAGATOR
from ..bundle.folder import check_files, rewrite_manifest
from ..bundle.manifest import Manifest
from ..errors import InvalidInputError
from ..evaluation import cases
from ..pipeline.engines import OnnxEngine
from ..training import shape
from . import arguments


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of a bundle with a propagator")
    parser.add_argument("--volumes", required=True, type=Path, metavar="DIR",
                        help="folder of challenge npz with imgs, gts, boxes: training volumes, never those to validate with")
    parser.add_argument("--threads", type=arguments.at_least(1), default=1, help="threads of ONNX Runtime")
    parser.add_argument("--dry-run", action="store_true", help="print what is found and leave the manifest as it is")


def run(args: argparse.Namespace) -> int:
    manifest = Manifest.read(args.bundle)
    check_files(args.bundle, manifest)
    if not manifest.has_propagator:
        raise InvalidInputError(f"bundle must hold a {PROPAGATOR}, {manifest.id} has none")
    engine = OnnxEngine(args.bundle, manifest.propagation.input_size or manifest.input_size, args.threads)
    finds = shape.collect(engine, manifest.propagation, cases.labelled(args.volumes), lambda line: print(line, flush=True))
    found = shape.fit(finds)
    before = manifest.propagation.shape
    print(f"{manifest.id}: sides {found.shape.sides}, ends {found.shape.ends} (was {before.sides}, {before.ends}); "
          f"loss {found.loss:.4f}, without a shape {found.loss_without:.4f}, over {found.slices} slices of objects")
    if not args.dry_run:
        rewrite_manifest(args.bundle, replace(manifest, propagation=replace(manifest.propagation, shape=found.shape)))
    return 0
