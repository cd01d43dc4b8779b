"""The geometry of the nano family."""

from dataclasses import dataclass

from torch import nn


@dataclass(frozen=True)
class PropagatorConfig:
    """The decoder that a member's propagator is, and what it has more."""

    decoder_depth: int = 1                                           # of its own decoder
    decoder_hidden: int = 256
    edges: bool = False                                              # whether the appearance knows the object's edge, from both sides
    looks: int = 16                                                  # in how many ways a pixel is compared with the object
    blocks: int = 0                                                  # more of them at stride 8 than the decoder's one, after it


@dataclass(frozen=True)
class NanoConfig:
    """Geometry of one member.

    No weight depends on `input_size`, the size it is meant for: the modules take any multiple of 32 and follow it.
    """

    input_size: int = 256
    volume_size: int | None = None                                   # of its slices, where that is another
    widths: tuple[int, int, int, int, int] = (16, 32, 64, 128, 256)  # channels of the stages, strides 2 to 32
    depths: tuple[int, int, int, int, int] = (1, 1, 2, 2, 2)         # blocks after each stage's strided one
    expand: int = 4
    attention_width: int = 32                                        # channels of one head of the linear attention
    neck_width: int = 128
    neck_depth: int = 1
    embedding_channels: int = 64
    fine_depth: int = 1                                              # blocks at stride 4, after the neck
    decoder_width: int = 128
    decoder_heads: int = 4
    decoder_depth: int = 1
    decoder_hidden: int = 256
    cross_divisor: int = 4                                           # cross-attentions are decoder_width / this wide
    upscaling_widths: tuple[int, int] = (48, 16)                     # channels at stride 4 and at stride 2
    propagator: PropagatorConfig = PropagatorConfig()

    def __post_init__(self) -> None:
        if self.input_size <= 0 or self.input_size % 32:
            raise ValueError(f"input_size must be a positive multiple of 32, got {self.input_size}")
        if self.widths[4] % self.attention_width:
            raise ValueError(f"widths[4] must be a multiple of attention_width {self.attention_width}, got {self.widths[4]}")


NANO = NanoConfig()
MICRO = NanoConfig(input_size=384, depths=(1, 1, 2, 4, 3), neck_depth=2, fine_depth=2)
SMALL = NanoConfig(input_size=512, volume_size=256, widths=(24, 48, 96, 192, 384), depths=(1, 1, 2, 6, 4), neck_width=160, neck_depth=2,
                   fine_depth=2, decoder_depth=2, decoder_hidden=512,
                   propagator=PropagatorConfig(decoder_hidden=512, edges=True, looks=32, blocks=2))

NORM_EPS = 1e-5
CONV = {"act": nn.ReLU6, "norm_eps": NORM_EPS}  # of every block
