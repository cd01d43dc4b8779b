"""LiteMedSAM's image encoder, a TinyViT: (B, 3, 256, 256) -> (B, 256, 64, 64).

Wu et al., TinyViT (https://arxiv.org/abs/2207.10666). Two things differ from the paper's network: the patch embedding does not
downsample, and the last downsampling has stride 1, so that the embedding keeps 64 x 64 pixels.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .layers import LayerNorm2d
from .sam import Sam

WIDTHS = (64, 128, 160, 320)
DEPTHS = (2, 2, 6, 2)
WINDOWS = (None, 7, 14, 7)      # side of the attention windows; the first layer only convolves
STRIDES = (2, 2, 1)             # of the downsampling after layers 0 to 2
HEAD_WIDTH = 32
EMBEDDING_WIDTH = 256
NORM_EPS = 1e-5


class ConvBN(nn.Module):
    """Convolution without bias, BatchNorm."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int = 1, groups: int = 1):
        super().__init__()
        self.c = nn.Conv2d(in_channels, out_channels, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(out_channels, eps=NORM_EPS)

    def forward(self, x: Tensor) -> Tensor:
        return self.bn(self.c(x))


class PatchEmbed(nn.Module):
    """Two 1x1 convolutions, no downsampling."""

    def __init__(self, width: int):
        super().__init__()
        self.seq = nn.Sequential(ConvBN(3, width // 2, 1), nn.GELU(), ConvBN(width // 2, width, 1))

    def forward(self, x: Tensor) -> Tensor:
        return self.seq(x)


class ConvBlock(nn.Module):
    """Inverted bottleneck with a shortcut and, unlike EfficientViT's, an activation after the addition."""

    def __init__(self, width: int, expand: int = 4):
        super().__init__()
        self.conv1 = ConvBN(width, expand * width, 1)
        self.conv2 = ConvBN(expand * width, expand * width, 3, groups=expand * width)
        self.conv3 = ConvBN(expand * width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.gelu(x + self.conv3(F.gelu(self.conv2(F.gelu(self.conv1(x))))))


class Downsample(nn.Module):
    """Widens and, with stride 2, halves the image."""

    def __init__(self, in_channels: int, out_channels: int, stride: int):
        super().__init__()
        self.conv1 = ConvBN(in_channels, out_channels, 1)
        self.conv2 = ConvBN(out_channels, out_channels, 3, stride, groups=out_channels)
        self.conv3 = ConvBN(out_channels, out_channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv3(F.gelu(self.conv2(F.gelu(self.conv1(x)))))


class WindowAttention(nn.Module):
    """Attention inside windows (B, window^2, C) with a learned bias per head and absolute offset of two pixels."""

    def __init__(self, width: int, window: int):
        super().__init__()
        self.heads = width // HEAD_WIDTH
        self.norm = nn.LayerNorm(width, eps=NORM_EPS)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.attention_biases = nn.Parameter(torch.zeros(self.heads, window * window))
        self.register_buffer("offsets", _absolute_offsets(window), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        qkv = self.qkv(self.norm(x)).unflatten(-1, (self.heads, 3 * HEAD_WIDTH)).transpose(1, 2)
        q, k, v = qkv.split(HEAD_WIDTH, dim=-1)                                       # (B, heads, window^2, 32) each
        scores = q @ k.transpose(-1, -2) * HEAD_WIDTH**-0.5 + self.attention_biases[:, self.offsets]
        return self.proj((scores.softmax(-1) @ v).transpose(1, 2).flatten(2))


def _absolute_offsets(window: int) -> Tensor:
    """(window^2, window^2): |dy| * window + |dx| of every two pixels."""
    index = torch.arange(window * window)
    y, x = index // window, index % window
    return (y[:, None] - y).abs() * window + (x[:, None] - x).abs()


class NormMlp(nn.Module):
    """LayerNorm, linear, GELU, linear."""

    def __init__(self, width: int, expand: int = 4):
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=NORM_EPS)
        self.fc1 = nn.Linear(width, expand * width)
        self.fc2 = nn.Linear(expand * width, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(self.norm(x))))


class TinyViTBlock(nn.Module):
    """Window attention, a depthwise 3x3 convolution that lets windows meet, and an MLP; on pixels last (B, h, w, C)."""

    def __init__(self, width: int, window: int):
        super().__init__()
        self.window = window
        self.attn = WindowAttention(width, window)
        self.local_conv = ConvBN(width, width, 3, groups=width)
        self.mlp = NormMlp(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self._attend(x)
        x = self.local_conv(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        return x + self.mlp(x)

    def _attend(self, x: Tensor) -> Tensor:
        batch, height, width, channels = x.shape
        w = self.window
        # The padding comes before the LayerNorm inside the attention and takes part in the softmax, as upstream's does.
        x = F.pad(x, (0, 0, 0, -width % w, 0, -height % w))
        rows, columns = x.shape[1] // w, x.shape[2] // w
        x = x.reshape(batch, rows, w, columns, w, channels).transpose(2, 3)           # (B, rows, columns, w, w, C)
        x = self.attn(x.reshape(-1, w * w, channels))
        x = x.reshape(batch, rows, columns, w, w, channels).transpose(2, 3)
        return x.reshape(batch, rows * w, columns * w, channels)[:, :height, :width]


class ConvStage(nn.Module):
    """The first layer, on (B, C, h, w)."""

    def __init__(self, width: int, out_channels: int):
        super().__init__()
        self.blocks = nn.Sequential(*(ConvBlock(width) for _ in range(DEPTHS[0])))
        self.downsample = Downsample(width, out_channels, STRIDES[0])

    def forward(self, x: Tensor) -> Tensor:
        return self.downsample(self.blocks(x))


class AttentionStage(nn.Module):
    """Layers 1 to 3, on (B, C, h, w)."""

    def __init__(self, index: int):
        super().__init__()
        width = WIDTHS[index]
        self.blocks = nn.Sequential(*(TinyViTBlock(width, WINDOWS[index]) for _ in range(DEPTHS[index])))
        self.downsample = Downsample(width, WIDTHS[index + 1], STRIDES[index]) if index < 3 else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        x = self.blocks(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        return self.downsample(x)


class TinyViTImageEncoder(nn.Module):
    """Patch embedding, four layers, SAM's neck."""

    def __init__(self) -> None:
        super().__init__()
        self.patch_embed = PatchEmbed(WIDTHS[0])
        self.layers = nn.ModuleList([ConvStage(WIDTHS[0], WIDTHS[1]), *(AttentionStage(i) for i in (1, 2, 3))])
        self.neck = nn.Sequential(
            nn.Conv2d(WIDTHS[3], EMBEDDING_WIDTH, 1, bias=False), LayerNorm2d(EMBEDDING_WIDTH),
            nn.Conv2d(EMBEDDING_WIDTH, EMBEDDING_WIDTH, 3, padding=1, bias=False), LayerNorm2d(EMBEDDING_WIDTH))

    def forward(self, image: Tensor) -> Tensor:
        x = self.patch_embed(image)                                                   # (B, 64, 256, 256)
        for layer in self.layers:
            x = layer(x)                                                              # 128 x 128, then three times 64 x 64
        return self.neck(x)


def litemedsam() -> Sam:
    return Sam(TinyViTImageEncoder(), input_size=256, decoder_norm_eps=1e-5)
