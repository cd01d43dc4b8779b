"""EfficientViT-SAM's image encoder, L0 to L2: (B, 3, 512, 512) -> (B, 256, 64, 64).

Cai et al., EfficientViT (https://arxiv.org/abs/2205.14756); Zhang et al., EfficientViT-SAM (https://arxiv.org/abs/2402.05008).
`OpList` and `Main` only reproduce the nesting that the published checkpoints' keys have.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .layers import ConvLayer, FusedMBConv, LayerNorm2d, MBConv, ResBlock, attention_eps, relu_linear_attention, tanh_gelu
from .sam import Sam

WIDTHS = (32, 64, 128, 256, 512)
NORM_EPS = 1e-6
NECK_WIDTH = 256
ATTENTION_WIDTH = 32  # channels of one head

_CONV = {"act": tanh_gelu, "norm_eps": NORM_EPS}


class OpList(nn.Module):
    """Runs its operations one after another."""

    def __init__(self, ops: Iterable[nn.Module]):
        super().__init__()
        self.op_list = nn.ModuleList(ops)

    def forward(self, x: Tensor) -> Tensor:
        for op in self.op_list:
            x = op(x)
        return x


class Main(nn.Module):
    """A block under the name `main`."""

    def __init__(self, block: nn.Module):
        super().__init__()
        self.main = block

    def forward(self, x: Tensor) -> Tensor:
        return self.main(x)


class LiteMLA(nn.Module):
    """Residual multi-scale linear attention: the pixels' own query, key, value and their 5x5 aggregates as further heads."""

    def __init__(self, channels: int):
        super().__init__()
        self.qkv = ConvLayer(channels, 3 * channels, 1)
        self.aggreg = nn.ModuleList([nn.Sequential(
            nn.Conv2d(3 * channels, 3 * channels, 5, padding=2, groups=3 * channels, bias=False),
            nn.Conv2d(3 * channels, 3 * channels, 1, groups=3 * channels // ATTENTION_WIDTH, bias=False))])
        self.proj = ConvLayer(2 * channels, channels, 1, norm_eps=NORM_EPS)

    def forward(self, x: Tensor) -> Tensor:
        qkv = self.qkv(x)                                                             # (B, 3C, h, w)
        scales = torch.cat([qkv, self.aggreg[0](qkv)], dim=1)                         # (B, 6C, h, w)
        return x + self.proj(relu_linear_attention(scales, ATTENTION_WIDTH, attention_eps(self.training)))


class EfficientViTBlock(nn.Module):
    """Attention over the whole image, then a convolution block for what is near."""

    def __init__(self, channels: int):
        super().__init__()
        self.context_module = Main(LiteMLA(channels))
        self.local_module = Main(MBConv(channels, channels, expand=6, residual=True, fewer_norms=True, **_CONV))

    def forward(self, x: Tensor) -> Tensor:
        return self.local_module(self.context_module(x))


class Backbone(nn.Module):
    """Five stages, each halving the resolution; `depths` counts the blocks after each stage's strided one."""

    def __init__(self, depths: tuple[int, int, int, int, int]):
        super().__init__()
        w, d = WIDTHS, depths
        self.stages = nn.ModuleList([
            OpList([ConvLayer(3, w[0], 3, 2, **_CONV), *(Main(ResBlock(w[0], **_CONV)) for _ in range(d[0]))]),
            *(OpList([Main(FusedMBConv(w[i - 1], w[i], 2, expand=16, residual=False, **_CONV)),
                      *(Main(FusedMBConv(w[i], w[i], expand=4, residual=True, **_CONV)) for _ in range(d[i]))])
              for i in (1, 2)),
            OpList([Main(MBConv(w[2], w[3], 2, expand=16, residual=False, fewer_norms=True, **_CONV)),
                    *(Main(MBConv(w[3], w[3], expand=4, residual=True, fewer_norms=True, **_CONV)) for _ in range(d[3]))]),
            OpList([Main(MBConv(w[3], w[4], 2, expand=24, residual=False, fewer_norms=True, **_CONV)),
                    *(EfficientViTBlock(w[4]) for _ in range(d[4]))]),
        ])

    def forward(self, image: Tensor) -> list[Tensor]:
        """The output of every stage: (B, WIDTHS[i], S / 2^(i+1), S / 2^(i+1))."""
        outputs = []
        x = image
        for stage in self.stages:
            x = stage(x)
            outputs.append(x)
        return outputs


class Neck(nn.Module):
    """Brings stages 4, 3 and 2 to stride 8, adds them and refines the sum."""

    def __init__(self, depth: int):
        super().__init__()
        self.input_ops = nn.ModuleList(
            OpList([ConvLayer(WIDTHS[i], NECK_WIDTH, 1, norm_eps=NORM_EPS)]) for i in (4, 3, 2))
        self.middle = OpList(
            Main(FusedMBConv(NECK_WIDTH, NECK_WIDTH, expand=1, residual=True, **_CONV)) for _ in range(depth))
        self.output_ops = nn.ModuleList([OpList([ConvLayer(NECK_WIDTH, NECK_WIDTH, 1, bias=True)])])

    def forward(self, stages: list[Tensor]) -> Tensor:
        size = stages[2].shape[2:]
        deep, middle, fine = (op(x) for op, x in zip(self.input_ops, (stages[4], stages[3], stages[2]), strict=True))
        # Upstream resamples the finest map to its own size as well, which changes nothing.
        x = _upsample(deep, size) + (_upsample(middle, size) + fine)                  # (B, 256, S/8, S/8)
        return self.output_ops[0](self.middle(x))


def _upsample(x: Tensor, size: torch.Size) -> Tensor:
    return F.interpolate(x, size=size, mode="bicubic", align_corners=False)


class EfficientViTSamImageEncoder(nn.Module):
    """Backbone, neck and a LayerNorm over the channels of every pixel."""

    def __init__(self, depths: tuple[int, int, int, int, int], neck_depth: int):
        super().__init__()
        self.backbone = Backbone(depths)
        self.neck = Neck(neck_depth)
        self.norm = LayerNorm2d(NECK_WIDTH)

    def forward(self, image: Tensor) -> Tensor:
        return self.norm(self.neck(self.backbone(image)))


def efficientvit_sam_l0() -> Sam:
    return _sam((1, 1, 1, 4, 4), neck_depth=4)


def efficientvit_sam_l1() -> Sam:
    return _sam((1, 1, 1, 6, 6), neck_depth=8)


def efficientvit_sam_l2() -> Sam:
    return _sam((1, 2, 2, 8, 8), neck_depth=12)


def _sam(depths: tuple[int, int, int, int, int], neck_depth: int) -> Sam:
    # EfficientViT-SAM sets its epsilon on every norm of the whole model, the mask decoder's included.
    return Sam(EfficientViTSamImageEncoder(depths, neck_depth), input_size=512, decoder_norm_eps=NORM_EPS)
