"""MedSAM's image encoder, SAM's ViT-B: (B, 3, 1024, 1024) -> (B, 256, 64, 64).

Kirillov et al., Segment Anything (https://arxiv.org/abs/2304.02643); Li et al., ViTDet (https://arxiv.org/abs/2203.16527);
Ma et al., MedSAM (https://doi.org/10.1038/s41467-024-44824-z). Everything between patch embedding and neck is (B, h, w, C).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .layers import LayerNorm2d
from .sam import Sam

INPUT_SIZE = 1024
PATCH = 16
WIDTH = 768
HEADS = 12
DEPTH = 12
GLOBAL_BLOCKS = (2, 5, 8, 11)   # these attend over the whole image, the others inside windows
WINDOW = 14
EMBEDDING_WIDTH = 256
NORM_EPS = 1e-6


class PatchEmbed(nn.Module):
    """Non-overlapping 16x16 patches, pixels last."""

    def __init__(self) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, WIDTH, PATCH, PATCH)

    def forward(self, image: Tensor) -> Tensor:
        return self.proj(image).permute(0, 2, 3, 1)


class RelativePositionAttention(nn.Module):
    """Attention over a square of `size` x `size` pixels, (B, size, size, C), with a decomposed relative position bias.

    The bias of query q and key k is q . rel_pos_h[dy] + q . rel_pos_w[dx], with the unscaled query.
    """

    def __init__(self, size: int):
        super().__init__()
        head_width = WIDTH // HEADS
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.proj = nn.Linear(WIDTH, WIDTH)
        self.rel_pos_h = nn.Parameter(torch.zeros(2 * size - 1, head_width))
        self.rel_pos_w = nn.Parameter(torch.zeros(2 * size - 1, head_width))

    def forward(self, x: Tensor) -> Tensor:
        batch, height, width, _ = x.shape
        qkv = self.qkv(x).reshape(batch, height * width, 3, HEADS, -1).permute(2, 0, 3, 1, 4).flatten(1, 2)
        q, k, v = qkv.unbind(0)                                                       # (B * heads, h*w, 64) each
        scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)                      # (B * heads, h*w, h*w)

        pixels = q.unflatten(1, (height, width))                                      # (B * heads, h, w, 64)
        bias_h = pixels @ _by_offset(self.rel_pos_h, height).transpose(-1, -2)        # (B * heads, h, w, key h)
        bias_w = (pixels.transpose(1, 2) @ _by_offset(self.rel_pos_w, width).transpose(-1, -2)).transpose(1, 2)
        scores = (scores.unflatten(2, (height, width)).unflatten(1, (height, width))
                  + bias_h[..., :, None] + bias_w[..., None, :]).flatten(3).flatten(1, 2)

        out = scores.softmax(-1) @ v                                                  # (B * heads, h*w, 64)
        return self.proj(out.reshape(batch, HEADS, height, width, -1).permute(0, 2, 3, 1, 4).flatten(3))


def _by_offset(table: Tensor, size: int) -> Tensor:
    """Rows of a (2 * size - 1, C) table for every query and key along one axis: (size, size, C)."""
    index = torch.arange(size, device=table.device)
    return table[index[:, None] - index + size - 1]


class Mlp(nn.Module):
    """Linear, exact GELU, linear."""

    def __init__(self) -> None:
        super().__init__()
        self.lin1 = nn.Linear(WIDTH, 4 * WIDTH)
        self.lin2 = nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        return self.lin2(F.gelu(self.lin1(x)))


class Block(nn.Module):
    """Pre-norm transformer block; `window` None attends over the whole image."""

    def __init__(self, window: int | None):
        super().__init__()
        self.window = window
        self.norm1 = nn.LayerNorm(WIDTH, eps=NORM_EPS)
        self.attn = RelativePositionAttention(window or INPUT_SIZE // PATCH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=NORM_EPS)
        self.mlp = Mlp()

    def forward(self, x: Tensor) -> Tensor:
        x = x + self._attend(self.norm1(x))
        return x + self.mlp(self.norm2(x))

    def _attend(self, x: Tensor) -> Tensor:
        if self.window is None:
            return self.attn(x)
        batch, height, width, channels = x.shape
        w = self.window
        # Zeros to the right and below, after the norm; they take part in the softmax, as upstream's do.
        x = F.pad(x, (0, 0, 0, -width % w, 0, -height % w))
        rows, columns = x.shape[1] // w, x.shape[2] // w
        x = x.reshape(batch, rows, w, columns, w, channels).transpose(2, 3)           # (B, rows, columns, w, w, C)
        x = self.attn(x.reshape(-1, w, w, channels))
        x = x.reshape(batch, rows, columns, w, w, channels).transpose(2, 3)
        return x.reshape(batch, rows * w, columns * w, channels)[:, :height, :width]


class ViTImageEncoder(nn.Module):
    """Patch embedding with absolute positions, twelve blocks, SAM's neck."""

    def __init__(self) -> None:
        super().__init__()
        grid = INPUT_SIZE // PATCH
        self.patch_embed = PatchEmbed()
        self.pos_embed = nn.Parameter(torch.zeros(1, grid, grid, WIDTH))
        self.blocks = nn.ModuleList(Block(None if i in GLOBAL_BLOCKS else WINDOW) for i in range(DEPTH))
        self.neck = nn.Sequential(
            nn.Conv2d(WIDTH, EMBEDDING_WIDTH, 1, bias=False), LayerNorm2d(EMBEDDING_WIDTH),
            nn.Conv2d(EMBEDDING_WIDTH, EMBEDDING_WIDTH, 3, padding=1, bias=False), LayerNorm2d(EMBEDDING_WIDTH))

    def forward(self, image: Tensor) -> Tensor:
        x = self.patch_embed(image) + self.pos_embed                                  # (B, 64, 64, 768)
        for block in self.blocks:
            x = block(x)
        return self.neck(x.permute(0, 3, 1, 2))


def medsam() -> Sam:
    return Sam(ViTImageEncoder(), input_size=INPUT_SIZE, decoder_norm_eps=1e-5)
