"""`medficientsam-models train`: weights from images, supervised or distilled first. Run again, it goes on where it stopped."""

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import Dataset

from ..errors import InvalidInputError
from ..networks.initialise import initialise
from ..networks.variants import VARIANTS
from ..pipeline.engines import TorchEngine
from ..training.budget import Budget
from ..training.images import LabelledImage, licence_counts, read_images
from ..training.loop import Loop, Settings
from ..training.mixture import share as share_of_batch
from ..training.objectives import Distillation, Supervised
from ..training.on_device import held_out
from ..training.on_device.batches import DeviceBatches
from ..training.on_device.canvases import Canvases
from ..training.processes import joined, place
from ..training.recipe import RECIPES, Recipe, Stage
from ..training.validation import check_cases, table, validate
from ..weights import checkpoints
from . import arguments

_DISTILLED_SHARE = 0.5


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--variant", required=True, choices=RECIPES)
    parser.add_argument("--data", required=True, type=Path, nargs="+", metavar="DIR",
                        help="folders with index.csv and <modality>/<name>.webp and .png")
    parser.add_argument("--out", required=True, type=Path, help="folder for checkpoints, learning curve and weights")
    budget = parser.add_mutually_exclusive_group(required=True)
    budget.add_argument("--steps", type=arguments.at_least(1), help="train for so many steps (reproducible)")
    budget.add_argument("--minutes", type=arguments.positive, help="train for so many minutes of running time")
    parser.add_argument("--validate", type=Path, help="folder of <modality>/<case>.npz to draw the learning curve with")
    parser.add_argument("--init", type=Path, help="weights to start from; blocks that they do not have start as identities")
    parser.add_argument("--teacher", type=Path, help="checkpoint of a teacher: the first half of the run learns its embedding")
    parser.add_argument("--teacher-variant", default="medsam", choices=VARIANTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peak-rate", type=arguments.positive, help="highest learning rate, if not the recipe's")
    parser.add_argument("--stages", type=_stages, help="START:SIZE:BATCH,... if not the recipe's: from that share of the run on, so many "
                        "images of that side a step; stages with one start take turns")
    parser.add_argument("--hold-out", type=arguments.share, default=0.0, metavar="SHARE",
                        help="keep back that share of the images, by subject, score the initial weights and the trained ones on them, and "
                             "write the better")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--batches", choices=("workers", "device"), help="where images are varied and prompted: in --workers processes, or "
                        "on the device (default there: all images in its memory, 1 MB each)")
    parser.add_argument("--full-precision", action="store_true", help="float32 throughout; otherwise bfloat16 where it is safe")
    parser.add_argument("--threads", type=arguments.at_least(1), default=1, help="of each process (CPU)")
    parser.add_argument("--workers", type=arguments.at_least(0), default=1, help="processes that read and prepare images, of each process")
    parser.add_argument("--clock", action="store_true", help="--minutes are minutes of the clock, whatever a step takes")
    parser.add_argument("--snapshots", action="store_true", help="write the weights at every save, not only at the end")
    parser.add_argument("--save-minutes", type=arguments.positive, default=5.0)
    parser.add_argument("--validate-minutes", type=arguments.positive, default=10.0)


def run(args: argparse.Namespace) -> int:
    device = arguments.device(args.device)
    with joined("gloo" if device.type == "cpu" else "nccl"):  # one process per GPU or per core
        if device.type != "cpu" and "LOCAL_RANK" in os.environ:
            torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
        return _train(args, device)


def _train(args: argparse.Namespace, device: torch.device) -> int:
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    first = place()[0] == 0
    if args.validate:
        check_cases(args.validate)
    on_device = (args.batches or ("device" if device.type == "cuda" else "workers")) == "device"
    # Before the device is touched: processes are forked to read.
    images = [image for folder in args.data for image in read_images(folder, args.workers if on_device else 0)]
    images, kept_back = held_out.split(images, args.hold_out) if args.hold_out else (images, [])
    if first:
        print(f"train {args.variant} on {len(images)} images, {len(kept_back)} kept back; licences as stated: "
              f"{dict(licence_counts(images))}", flush=True)
    if not images or (args.hold_out and not kept_back):
        raise InvalidInputError(f"--hold-out must leave images on both sides, got {len(images)} to train on and {len(kept_back)} kept back")
    if device.type == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True

    model = VARIANTS[args.variant].build()
    initialise(model)
    if args.init:
        checkpoints.load_smaller(model, args.init)
    recipe = _recipe(args)
    settings = Settings(args.out, args.seed, device, not args.full_precision, 0 if on_device else args.workers,
                        args.save_minutes, args.validate_minutes, args.clock)
    batches = _device_batches(images, recipe, settings) if on_device else None
    choice = None
    if kept_back:
        of_volumes = getattr(getattr(model, "config", None), "volume_size", None)
        choice = held_out.Choice(kept_back, device, sorted({model.input_size, of_volumes or model.input_size}), half=settings.half)
        choice.begin(model)
    share = 1.0
    if args.teacher:
        share -= _DISTILLED_SHARE
        teacher = VARIANTS[args.teacher_variant].build()
        checkpoints.load(teacher, args.teacher)
        _take_decoder(model, teacher)
        distilled = Loop(model, Distillation(model, teacher), images, recipe, _budget(args, _DISTILLED_SHARE), settings,
                         name="distil", batches=batches)
        distilled.run()
        model.load_state_dict(distilled.average.state_dict())

    def scores(average: nn.Module) -> dict:
        return table(validate(TorchEngine(average), args.validate, volumes=False)) if args.validate else {}

    def write(average: nn.Module) -> None:
        checkpoints.write(average, args.out / "weights")

    loop = Loop(model, Supervised(), images, recipe, _budget(args, share), settings, validate=scores, batches=batches,
                saved=write if args.snapshots else None)
    loop.run()
    if first:
        best = choice.better(loop.average, args.out / "held_out.json") if choice else loop.average
        for path in checkpoints.write(best, args.out / "weights"):
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


def _recipe(args: argparse.Namespace) -> Recipe:
    recipe = RECIPES[args.variant]
    return replace(recipe, peak_rate=args.peak_rate or recipe.peak_rate, stages=args.stages or recipe.stages)


def _stages(text: str) -> tuple[Stage, ...]:
    try:
        stages = tuple(Stage(float(start), int(size), int(batch)) for start, size, batch in (one.split(":") for one in text.split(",")))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"must be START:SIZE:BATCH,... as in 0:256:128,0.5:512:64, got {text}") from error
    if min(stage.start for stage in stages) != 0 or any(stage.size % 32 or stage.size < 32 or stage.batch < 1 for stage in stages):
        raise argparse.ArgumentTypeError(f"must begin at 0, with sizes that are multiples of 32 and batches of at least 1, got {text}")
    return stages


def _device_batches(images: Sequence[LabelledImage], recipe: Recipe, settings: Settings) -> Callable[[Stage], Dataset]:
    canvases = Canvases.of(images, settings.device)
    probabilities = torch.from_numpy(recipe.mixture.probabilities(images))
    rank, processes = place()
    return lambda stage: DeviceBatches(canvases, probabilities, size=stage.size, batch=share_of_batch(stage.batch, processes),
                                       boxes_per_image=recipe.boxes_per_image, seed=settings.seed, rank=rank)
