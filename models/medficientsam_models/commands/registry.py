"""`medficientsam-models registry`: the table of models/README.md."""

import argparse
from pathlib import Path

from ..errors import InvalidInputError
from ..reference import registry


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder with README.md and bundles/ (default: models)")
    parser.add_argument("--update", action="store_true", help="write the table into the folder's README.md")


def run(args: argparse.Namespace) -> int:
    if not (args.models / "bundles").is_dir():
        raise InvalidInputError("--models must be a folder with bundles/, found none")
    table = registry.render(args.models)
    if args.update:
        readme = args.models / "README.md"
        readme.write_text(registry.update(readme.read_text(encoding="utf-8"), table), encoding="utf-8")
    else:
        print(table, end="")
    return 0
