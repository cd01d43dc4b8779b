"""The console command `medficientsam-models`. Each command lives in a module of `commands`, loaded only when it runs."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from .errors import InvalidInputError

COMMANDS = {
    "export": "write a checkpoint as an ONNX bundle, fp32 or int8",
    "verify": "check a bundle against its manifest, the published table and its fp32 original",
    "golden": "compute the deterministic-weight reference outputs of a variant",
    "benchmark": "write the untrained bundles and convolutions that the Java benchmark measures",
    "train": "train or distil a variant",
    "train-propagator": "train the decoder that follows objects through volumes",
    "export-propagator": "add the decoder for volumes to a bundle",
    "fit-propagation": "fit the shape of a bundle's propagator to what it finds in training volumes",
    "near-duplicates": "list training images that show what an evaluation case shows",
    "registry": "print the table of variants and how each bundle is made",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command. A command's module offers `configure(parser)` and `run(args) -> exit status`."""
    argv = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="medficientsam-models",
                                     description="Networks, checkpoints, training and bundles of MedficientSAM.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    module = None
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if argv[:1] == [name]:
            module = importlib.import_module(f".commands.{name.replace('-', '_')}", __package__)
            module.configure(command)
    args = parser.parse_args(argv)
    try:
        return module.run(args)
    except InvalidInputError as error:
        print(f"medficientsam-models {args.command}: {error}", file=sys.stderr)
        return 2
    except OSError as error:  # a file that is not there, a folder that may not be written, a full disk
        print(f"medficientsam-models {args.command}: {Path(error.filename).name if error.filename else 'a file'}: "
              f"{error.strerror or error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"medficientsam-models {args.command}: stopped", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
