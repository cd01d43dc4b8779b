"""Weights to start training from, where there is no checkpoint."""

from torch import nn

from . import efficientvit_sam, nano_image_encoder
from .layers import FusedMBConv, MBConv, ResBlock


def initialise(model: nn.Module) -> None:
    """He initialisation of every convolution; every residual branch starts at zero, so that the network starts shallow."""
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            fan = "fan_out" if module.groups == 1 else "fan_in"
            nn.init.kaiming_normal_(module.weight, mode=fan, nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    for module in model.modules():
        if isinstance(module, (FusedMBConv, MBConv)) and module.residual:
            nn.init.zeros_(module.point_conv.norm.weight)
        elif isinstance(module, ResBlock):
            nn.init.zeros_(module.conv2.norm.weight)
        elif isinstance(module, (efficientvit_sam.LiteMLA, nano_image_encoder.LiteMLA)):
            nn.init.zeros_(module.proj.norm.weight)
