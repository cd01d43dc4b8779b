"""`medficientsam-models train`: weights from images, supervised or distilled first. Run again, it goes on where it stopped."""

import argparse
import os
from pathlib import Path

import torch
from torch import distributed, nn

from ..networks.initialise import initialise
from ..networks.variants import VARIANTS
from ..pipeline.engines import TorchEngine
from ..training.budget import Budget
from ..training.images import licence_counts, read_images
from ..training.loop import Loop, Settings
from ..training.objectives import Distillation, Supervised
from ..training.recipe import RECIPES
from ..training.validation import case_files, table, validate
from ..weights import checkpoints

_DISTILLED_SHARE = 0.5


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--variant", required=True, choices=RECIPES)
    parser.add_argument("--data", required=True, type=Path, help="folder with index.csv and <modality>/<name>.webp and .png")
    parser.add_argument("--out", required=True, type=Path, help="folder for checkpoints, learning curve and weights")
    budget = parser.add_mutually_exclusive_group(required=True)
    budget.add_argument("--steps", type=int, help="train for so many steps (reproducible)")
    budget.add_argument("--minutes", type=float, help="train for so many minutes of running time")
    parser.add_argument("--validate", type=Path, help="folder of <modality>/<case>.npz to draw the learning curve with")
    parser.add_argument("--init", type=Path, help="weights to start from; blocks that they do not have start as identities")
    parser.add_argument("--teacher", type=Path, help="checkpoint of a teacher: the first half of the run learns its embedding")
    parser.add_argument("--teacher-variant", default="medsam", choices=VARIANTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--full-precision", action="store_true", help="float32 throughout; otherwise bfloat16 where it is safe")
    parser.add_argument("--threads", type=int, default=1, help="of each process (CPU)")
    parser.add_argument("--workers", type=int, default=1, help="processes that prepare images, of each process")
    parser.add_argument("--save-minutes", type=float, default=5.0)
    parser.add_argument("--validate-minutes", type=float, default=10.0)


def run(args: argparse.Namespace) -> int:
    if "RANK" in os.environ:  # started by torchrun, one process per GPU or per core
        distributed.init_process_group("gloo" if args.device == "cpu" else "nccl")
        if args.device != "cpu":
            torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    try:
        return _train(args)
    finally:
        if distributed.is_initialized():
            distributed.destroy_process_group()


def _train(args: argparse.Namespace) -> int:
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    first = not distributed.is_initialized() or distributed.get_rank() == 0
    if args.validate:
        case_files(args.validate)  # a wrong folder must not be found out after ten minutes
    images = read_images(args.data)
    if first:
        print(f"train {args.variant} on {len(images)} images; licences as stated: {dict(licence_counts(images))}", flush=True)

    model = VARIANTS[args.variant].build()
    initialise(model)
    if args.init:
        checkpoints.load_smaller(model, args.init)
    recipe = RECIPES[args.variant]
    settings = Settings(args.out, args.seed, torch.device(args.device), not args.full_precision, args.workers,
                        args.save_minutes, args.validate_minutes)
    share = 1.0
    if args.teacher:
        share -= _DISTILLED_SHARE
        teacher = VARIANTS[args.teacher_variant].build()
        checkpoints.load(teacher, args.teacher)
        _take_decoder(model, teacher)
        distilled = Loop(model, Distillation(model, teacher), images, recipe, _budget(args, _DISTILLED_SHARE), settings,
                         name="distil")
        distilled.run()
        model.load_state_dict(distilled.average.state_dict())

    def scores(average: nn.Module) -> dict:
        return table(validate(TorchEngine(average), args.validate, volumes=False)) if args.validate else {}

    loop = Loop(model, Supervised(), images, recipe, _budget(args, share), settings, validate=scores)
    loop.run()
    if first:
        for path in checkpoints.write(loop.average, args.out / "weights"):
            print(f"wrote {path}", flush=True)
        if args.validate:
            from ..training.curve import draw  # loads matplotlib

            draw(loop.curve, args.out / "learning_curve.png", args.variant)
    return 0


def _budget(args: argparse.Namespace, share: float) -> Budget:
    if args.steps is not None:
        return Budget(steps=max(1, round(args.steps * share)))
    return Budget(minutes=args.minutes * share)


def _take_decoder(student: nn.Module, teacher: nn.Module) -> None:
    """As the original does: the student keeps the teacher's prompt encoder and mask decoder."""
    parts = ("prompt_encoder", "mask_decoder")
    if all(hasattr(model, part) for model in (student, teacher) for part in parts):
        for part in parts:
            getattr(student, part).load_state_dict(getattr(teacher, part).state_dict())
