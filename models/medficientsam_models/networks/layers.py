"""Convolution blocks of EfficientViT-SAM, which our own nano family shares.

Every block maps (B, C_in, h, w) to (B, C_out, h / stride, w / stride). `residual` adds the input to the output; nothing is
activated after an addition anywhere in these networks.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Activation = Callable[[], nn.Module]


def tanh_gelu() -> nn.Module:
    """0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), the approximation EfficientViT uses."""
    return nn.GELU(approximate="tanh")


class ConvLayer(nn.Module):
    """Convolution, then BatchNorm and activation where there is one. A convolution followed by BatchNorm has no bias."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int = 1, *, groups: int = 1,
                 norm_eps: float | None = None, act: Activation | None = None, bias: bool = False):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel, stride, kernel // 2, groups=groups, bias=bias)
        self.norm = nn.Identity() if norm_eps is None else nn.BatchNorm2d(out_channels, eps=norm_eps)
        self.act = act() if act else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        if self.conv.groups > 1 and x.device.type == "cpu":
            with full_precision(x):  # bfloat16 gradients of depthwise convolutions take ten times as long on CPUs
                y = self.conv(x.float()).to(x.dtype)
        else:
            y = self.conv(x)
        return self.act(self.norm(y))


class ResBlock(nn.Module):
    """Two 3x3 convolutions around an identity shortcut."""

    def __init__(self, channels: int, *, act: Activation, norm_eps: float):
        super().__init__()
        self.conv1 = ConvLayer(channels, channels, 3, norm_eps=norm_eps, act=act)
        self.conv2 = ConvLayer(channels, channels, 3, norm_eps=norm_eps)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(self.conv1(x))


class FusedMBConv(nn.Module):
    """3x3 convolution to `expand * in_channels`, then a linear 1x1 projection."""

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1, *, expand: int, residual: bool,
                 act: Activation, norm_eps: float):
        super().__init__()
        middle = expand * in_channels
        self.residual = residual
        self.spatial_conv = ConvLayer(in_channels, middle, 3, stride, norm_eps=norm_eps, act=act)
        self.point_conv = ConvLayer(middle, out_channels, 1, norm_eps=norm_eps)

    def forward(self, x: Tensor) -> Tensor:
        y = self.point_conv(self.spatial_conv(x))
        return x + y if self.residual else y


class MBConv(nn.Module):
    """1x1 expansion, depthwise convolution, linear 1x1 projection.

    With `fewer_norms` the first two convolutions carry a bias instead of a BatchNorm, as in EfficientViT's last stages.
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1, *, expand: int, residual: bool,
                 act: Activation, norm_eps: float, fewer_norms: bool = False, kernel: int = 3):
        super().__init__()
        middle = expand * in_channels
        self.residual = residual
        inner_eps = None if fewer_norms else norm_eps
        self.inverted_conv = ConvLayer(in_channels, middle, 1, norm_eps=inner_eps, act=act, bias=fewer_norms)
        self.depth_conv = ConvLayer(middle, middle, kernel, stride, groups=middle, norm_eps=inner_eps, act=act,
                                    bias=fewer_norms)
        self.point_conv = ConvLayer(middle, out_channels, 1, norm_eps=norm_eps)

    def forward(self, x: Tensor) -> Tensor:
        y = self.point_conv(self.depth_conv(self.inverted_conv(x)))
        return x + y if self.residual else y


class LayerNorm2d(nn.Module):
    """LayerNorm over the channels of every pixel of (B, C, h, w), biased variance, always in float32."""

    def __init__(self, channels: int, eps: float = 1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        x = x.float().permute(0, 2, 3, 1)                                             # (B, h, w, C)
        return F.layer_norm(x, self.weight.shape, self.weight, self.bias, self.eps).permute(0, 3, 1, 2)


def full_precision(x: Tensor) -> AbstractContextManager:
    """Switches autocast off around what must stay float32."""
    device = x.device.type
    if device == "meta" or not torch.is_autocast_enabled(device):
        return nullcontext()  # and leaves no trace in an exported graph
    return torch.autocast(device, enabled=False)


def relu_linear_attention(qkv: Tensor, width: int, eps: float) -> Tensor:
    """EfficientViT's attention with ReLU kernels: linear, not quadratic, in the number of pixels.

    `qkv` is (B, 3 * heads * width, h, w), each head's query, key and value side by side. Returns (B, heads * width, h, w).
    Runs in float32 under autocast too: the normaliser divides, and its epsilon underflows in half precision.
    """
    rows, columns = qkv.shape[2:]
    with full_precision(qkv):
        heads = qkv.float().reshape(-1, qkv.shape[1] // (3 * width), 3 * width, rows * columns)  # (B, heads, 3 width, N)
        q, k, v = heads.split(width, dim=2)                                           # (B, heads, width, N) each
        q, k = F.relu(q), F.relu(k)
        v = F.pad(v, (0, 0, 0, 1), value=1.0)                                         # a row of ones sums the weights
        vk = v @ k.transpose(-1, -2)                                                  # (B, heads, width + 1, width)
        out = vk @ q                                                                  # (B, heads, width + 1, N)
        out = out[:, :, :-1] / (out[:, :, -1:] + eps)                                 # (B, heads, width, N)
    return out.reshape(-1, qkv.shape[1] // 3, rows, columns)


def attention_eps(training: bool) -> float:
    """Upstream's 1e-15; larger while training, where a pixel without any positive query would get a gradient of 1e15."""
    return 1e-6 if training else 1e-15
