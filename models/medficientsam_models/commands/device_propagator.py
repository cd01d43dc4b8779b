"""`train-propagator --device`: chains through whole volumes on a GPU, or on a CPU to try it."""

import argparse
from dataclasses import replace
from pathlib import Path

from ..errors import InvalidInputError
from ..networks.nano_propagator import NanoPropagator
from ..networks.variants import VARIANTS
from ..training.adaptation import widened
from ..training.budget import Budget
from ..training.device_training import Amounts, HeldOut, Pools, device_loop, encoder_of, stacks_of_images
from ..training.images import read_images
from ..training.loop import Settings
from ..training.recipe import DEVICE_CHAINS
from ..training.stacks import Stack, read_stacks
from ..training.volumes import group
from ..weights import checkpoints
from . import arguments

OWN = "mask_key."  # a propagator's weights have it, a whole network's have not


def configure(parser: argparse.ArgumentParser) -> None:
    amounts = Amounts()
    parser.add_argument("--device", help="cuda, or cpu to try it: where whole volumes are encoded and followed; "
                        "needs --encoder and --volumes")
    parser.add_argument("--encoder", type=Path, help="with --device: the weights of the network whose encoder it works with")
    parser.add_argument("--held-out", type=Path, help="with --device: volumes to watch, as --volumes, of other patients")
    parser.add_argument("--chains", type=arguments.at_least(1), default=DEVICE_CHAINS.stages[0].batch,
                        help="with --device: objects followed at once")
    parser.add_argument("--pool", type=arguments.at_least(1), default=amounts.slices,
                        help="with --device: slices encoded at once, 0.5 MB each at 256 pixels")
    parser.add_argument("--epoch", type=arguments.at_least(1), default=amounts.epoch,
                        help="with --device: steps until slices are varied anew")


def train(args: argparse.Namespace) -> Path:
    """Trains and returns the folder of the weights."""
    if args.encoder is None or args.volumes is None:
        raise InvalidInputError("--device must come with --encoder and --volumes")
    device = arguments.device(args.device)
    network = VARIANTS[args.variant].build()
    model = initial(NanoPropagator(network.config), args.init)
    checkpoints.load(network, args.encoder)
    size = args.size or network.config.volume_size or network.input_size
    amounts = replace(Amounts(), slices=args.pool, epoch=args.epoch)
    encode = encoder_of(network, device)
    stacks = [stack.to(device) for stack in _stacks(args.volumes)]
    if args.data:
        stacks += [stack.to(device) for stack in stacks_of_images(read_images(args.data))]
    held = HeldOut([stack.to(device) for stack in _stacks(args.held_out)], encode, size, amounts.followed) if args.held_out else None
    recipe = replace(DEVICE_CHAINS, stages=(replace(DEVICE_CHAINS.stages[0], size=size, batch=args.chains),),
                     peak_rate=args.peak_rate or DEVICE_CHAINS.peak_rate)
    budget = Budget(steps=args.steps) if args.steps is not None else Budget(minutes=args.minutes)
    settings = Settings(args.out, args.seed, device, half=args.half or device.type == "cuda", workers=0, save_minutes=args.save_minutes,
                        validate_minutes=args.save_minutes, clock=device.type != "cpu")
    loop = device_loop(model, Pools(stacks, encode, size, amounts, args.seed), recipe, budget, settings, amounts, held)
    loop.run()
    for path in checkpoints.write(loop.average, args.out / "weights"):
        print(f"wrote {path}", flush=True)
    return args.out / "weights"


def initial(model: NanoPropagator, path: Path) -> NanoPropagator:
    """A propagator that begins as an earlier one, narrower or not, or as the decoder of a whole network."""
    state = checkpoints.state_dict(path)
    if not any(key.startswith(OWN) for key in state):
        state = {key.removeprefix("decoder."): value for key, value in state.items() if key.startswith("decoder.")}
    model.load_state_dict(widened(state, model.state_dict()))
    return model


def _stacks(folder: Path) -> list[Stack]:
    return read_stacks(folder, lambda path: "/".join(group(path)))
