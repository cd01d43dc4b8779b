"""`medficientsam-models near-duplicates`: which training images show what an evaluation case shows, as CSV."""

import argparse
import csv
import sys
from contextlib import nullcontext
from pathlib import Path

import cv2

from ..errors import InvalidInputError
from ..splits import near_duplicates, pictures


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("training", type=Path, metavar="TRAIN_DIR", help="folder with index.csv and <modality>/<name>.webp and .png")
    parser.add_argument("evaluation", type=Path, metavar="EVAL_DIR", help="folder of challenge npz with imgs, gts, boxes")
    parser.add_argument("--similarity", type=float, default=near_duplicates.DEFAULT_SIMILARITY,
                        help="correlation of detail from which on two pictures are listed, 0..1 (default: %(default)s)")
    parser.add_argument("--out", type=Path, help="CSV file; default: standard output")


def run(args: argparse.Namespace) -> int:
    if not 0 < args.similarity <= 1:
        raise InvalidInputError(f"--similarity must be above 0 and at most 1, got {args.similarity}")
    cv2.setNumThreads(1)
    pairs = near_duplicates.find(pictures.of_training(args.training), list(pictures.of_cases(args.evaluation)), args.similarity,
                                 lambda line: print(line, file=sys.stderr, flush=True))
    with args.out.open("w", newline="", encoding="utf-8") if args.out else nullcontext(sys.stdout) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["training", "dataset", "evaluation", "similarity", "how"])
        writer.writerows([p.training.name, p.training.source, p.evaluation.name, p.similarity, p.how] for p in pairs)
    print(f"{len(pairs)} pairs, {len({p.training.name for p in pairs})} training images of "
          f"{len({p.training.source for p in pairs})} data sets", file=sys.stderr)
    return 0
