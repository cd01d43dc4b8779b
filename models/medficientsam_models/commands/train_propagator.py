"""`medficientsam-models train-propagator`: the decoder that follows an object through a volume. Run again, it goes on."""

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import distributed
from torch.utils.data import Dataset

from ..bundle.files import ENCODER
from ..bundle.folder import of_variant
from ..bundle.manifest import Manifest
from ..errors import InvalidInputError
from ..networks.nano_propagator import NanoPropagator
from ..networks.variants import VARIANTS
from ..pipeline.engines import OnnxEngine
from ..training.adaptation import adapted, linear_map
from ..training.budget import Budget
from ..training.chains import Chains, ChainStarts
from ..training.images import read_images
from ..training.loop import Loop, Settings
from ..training.mixture import share
from ..training.processes import joined, place
from ..training.propagation import Propagation
from ..training.recipe import CHAINS, PROPAGATOR, Stage
from ..training.tracks import TrackBatches
from ..training.volumes import EncodedVolumes
from ..weights import checkpoints
from . import arguments, device_propagator

NANO_FAMILY = [name for name, variant in VARIANTS.items() if variant.architecture == "nano"]


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--variant", required=True, choices=NANO_FAMILY)
    parser.add_argument("--bundle", type=Path, help="whose encoder it will work with, quantised as it is; not with --device")
    parser.add_argument("--init", required=True, type=Path, help="weights whose decoder it starts from, or of an earlier propagator")
    parser.add_argument("--init-bundle", type=Path, help="with --init an earlier propagator: the bundle it follows objects in, if "
                        "another than --bundle")
    parser.add_argument("--data", type=Path, help="folder with index.csv and <modality>/<name>.webp and .png; with --device optional")
    parser.add_argument("--volumes", type=Path, help="folder with <modality>/<name>.npz (imgs, gts): follow "
                        "their objects from end to end, rather than three slices at a time")
    parser.add_argument("--copies", type=arguments.at_least(1), default=3, help="of each volume, the first as it is, the others varied")
    parser.add_argument("--embeddings", type=Path, help="folder for the encoded copies, several GB; by default in --out")
    parser.add_argument("--out", required=True, type=Path, help="folder for checkpoints and weights")
    budget = parser.add_mutually_exclusive_group(required=True)
    budget.add_argument("--steps", type=arguments.at_least(1), help="train for so many steps (reproducible)")
    budget.add_argument("--minutes", type=arguments.positive, help="train for so many minutes of running time")
    parser.add_argument("--size", type=arguments.at_least(32),
                        help="of the slices, pixels; default: as the bundle's propagator will see them")
    parser.add_argument("--half", action="store_true", help="bfloat16 where that is safe")
    parser.add_argument("--peak-rate", type=arguments.positive, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=arguments.at_least(1), default=1)
    parser.add_argument("--workers", type=arguments.at_least(0), default=1, help="processes that prepare and encode slices")
    parser.add_argument("--save-minutes", type=arguments.positive, default=5.0)
    device_propagator.configure(parser)


def run(args: argparse.Namespace) -> int:
    if args.device:
        device_propagator.train(args)
        return 0
    if args.bundle is None or args.data is None:
        raise InvalidInputError("--bundle and --data must be named, unless it is trained with --device")
    with joined():  # one process per core
        return _train(args)


def _train(args: argparse.Namespace) -> int:
    rank, processes = place()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    network = VARIANTS[args.variant].build()
    manifest = of_variant(args.bundle, args.variant, network.input_size, network.config.embedding_channels)
    images = read_images(args.data)
    model = NanoPropagator(network.config)
    size = args.size or network.config.volume_size or network.input_size
    if args.init_bundle:
        known = Manifest.read(args.init_bundle).input_size
        matrix = linear_map(images, _Encoder(args.bundle, known), _Encoder(args.init_bundle, known), known, seed=args.seed)
        model.load_state_dict(adapted(checkpoints.read(args.init), model.state_dict(), matrix))
    elif any(key.startswith(device_propagator.OWN) for key in checkpoints.read(args.init)):
        checkpoints.load_smaller(model, args.init)  # an earlier propagator may lack a prompt, which then starts without effect
    else:
        checkpoints.load(network, args.init)
        model.load_state_dict({**model.state_dict(), **network.decoder.state_dict()})
    settings = Settings(args.out, args.seed, half=args.half, workers=args.workers, save_minutes=args.save_minutes)
    budget = Budget(steps=args.steps) if args.steps is not None else Budget(minutes=args.minutes)
    if args.volumes:
        encoder = next(file.sha256 for file in manifest.files if file.name == ENCODER)
        recipe = replace(CHAINS, stages=(replace(CHAINS.stages[0], size=size),))
        objective = Chains(share(recipe.stages[0].batch, processes))
        settings = replace(settings, workers=0)  # everything is ready

        def batches(stage: Stage) -> Dataset:
            if rank:  # the first process encodes, the others then find it done
                distributed.barrier()
            encoded = EncodedVolumes(args.volumes, images, _Encoder(args.bundle, stage.size), args.embeddings or args.out / "embeddings",
                                     size=stage.size, encoder=encoder, copies=args.copies, seed=args.seed, report=_Report())
            if processes > 1 and not rank:
                distributed.barrier()
            return ChainStarts(encoded.groups, seed=args.seed, rank=rank)
    else:
        recipe, objective = PROPAGATOR, Propagation()
        encode = _Encoder(args.bundle, size)

        def batches(stage: Stage) -> Dataset:
            return TrackBatches(images, encode, size=size, batch=share(stage.batch, processes), seed=args.seed, rank=rank)
    if args.peak_rate is not None:
        recipe = replace(recipe, peak_rate=args.peak_rate)
    loop = Loop(model, objective, images, recipe, budget, settings, name="propagator", batches=batches)
    loop.run()
    for path in checkpoints.write(loop.average, args.out / "weights") if rank == 0 else ():
        print(f"wrote {path}", flush=True)
    return 0


class _Report:
    """Prints what is new at most once a minute."""

    def __init__(self) -> None:
        self._next = time.monotonic()

    def __call__(self, text: str) -> None:
        if time.monotonic() >= self._next:
            print(text, flush=True)
            self._next = time.monotonic() + 60


class _Encoder:
    """A bundle's encoder, opened by whichever process asks first: sessions do not survive a fork."""

    def __init__(self, bundle: Path, size: int):
        self._bundle, self._size = bundle, size
        self._engine: OnnxEngine | None = None

    def __call__(self, image: np.ndarray) -> np.ndarray:
        if self._engine is None:
            self._engine = OnnxEngine(self._bundle, self._size)
        tokens = self._engine.encode(image[None].astype(np.float32) / 255)[0]  # (h * w, E)
        side = self._size // 4
        return np.ascontiguousarray(tokens.T).reshape(-1, side, side)
