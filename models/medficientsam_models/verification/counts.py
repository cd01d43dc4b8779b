"""Parameters and multiply-accumulates, by the convention that reproduces every figure of the published methods table.

One image and one box through encoder, prompt encoder and mask decoder. Convolutions, linear layers and matrix products count
their multiply-accumulates (what the table calls FLOPs). BatchNorm and LayerNorm count five per element: fvcore's rule for
BatchNorm in training mode, in which the original project happened to measure. Nothing else counts, not even channel LayerNorms,
which are written out in elementary operations there.
"""

from dataclasses import dataclass
from functools import cache

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from ..networks.variants import Variant

_NORMS = (nn.BatchNorm2d, nn.LayerNorm)
_MACS_PER_NORM_ELEMENT = 5


@dataclass(frozen=True)
class Counts:
    """`products` leaves the norms out: what a convolution peak is compared with."""

    parameters: int
    encoder_parameters: int
    encoder_products: int
    decoder_products: int
    norm_elements: int

    @property
    def macs(self) -> int:
        """The published convention, and the manifest's `macs`."""
        return self.encoder_products + self.decoder_products + _MACS_PER_NORM_ELEMENT * self.norm_elements


def count(model: nn.Module) -> Counts:
    """Counts a network of any variant; one on the meta device costs neither memory nor arithmetic."""
    device = next(model.parameters()).device
    norm_elements = 0

    def add(_module: nn.Module, _inputs: object, output: torch.Tensor) -> None:
        nonlocal norm_elements
        norm_elements += output.numel()

    hooks = [module.register_forward_hook(add) for module in model.modules() if isinstance(module, _NORMS)]
    training = model.training
    try:
        model.eval()
        with torch.no_grad(), FlopCounterMode(display=False) as flops:  # two per multiply-accumulate
            embedding = model.encode(torch.zeros(1, 3, model.input_size, model.input_size, device=device))
            encoder = flops.get_total_flops() // 2
            model.decode(embedding, torch.zeros(1, 4, device=device))
            total = flops.get_total_flops() // 2
    finally:
        model.train(training)
        for hook in hooks:
            hook.remove()
    return Counts(_parameters(model), _parameters(model.image_encoder), encoder, total - encoder, norm_elements)


@cache
def count_variant(variant: Variant) -> Counts:
    """Counts a variant without building it in memory."""
    return count(variant.build_on_meta())


def _parameters(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def as_published(count: int) -> str:
    """As the methods table prints it: 34.79M, 36.80G."""
    return f"{count / 1e9:.2f}G" if count >= 10**9 else f"{count / 1e6:.2f}M"
