"""The nano family's decoder: SAM's two-way attention, led by a dense encoding of the box, with the embedding as skip."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .box_features import BOX_FEATURES, box_features
from .fourier import fourier_features, pixel_grid
from .layers import FusedMBConv, MBConv
from .nano_config import CONV, NanoConfig
from .two_way_transformer import Attention, TwoWayAttention

LAYER_NORM_EPS = 1e-6


class NanoTwoWayBlock(TwoWayAttention):
    """The two-way layer with its feed-forward part unnested."""

    def __init__(self, config: NanoConfig, *, first: bool):
        width = config.decoder_width
        super().__init__(width, config.decoder_heads, width // config.cross_divisor, first=first, norm_eps=LAYER_NORM_EPS)
        self.lin1 = nn.Linear(width, config.decoder_hidden)
        self.lin2 = nn.Linear(config.decoder_hidden, width)

    def feed_forward(self, tokens: Tensor) -> Tensor:
        return self.lin2(F.relu(self.lin1(tokens)))


class PixelShuffleLinear(nn.Module):
    """Transposed convolution 2/2 of pixels (..., C_in) as a matrix product: (..., 4, C_out), the four in order (dy, dx).

    The same numbers as `ConvTranspose2d`, whose backward pass is a third of a training step on a CPU.
    """

    def __init__(self, in_channels: int, out_channels: int):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(in_channels, out_channels, 2, 2) * in_channels**-0.5)
        self.bias = nn.Parameter(torch.zeros(out_channels))

    def forward(self, x: Tensor) -> Tensor:
        weight = self.weight.permute(2, 3, 1, 0).flatten(0, 2)                        # (4 * C_out, C_in)
        return F.linear(x, weight, self.bias.repeat(4)).unflatten(-1, (4, -1))


class NanoDecoder(nn.Module):
    """Prompt encoder and mask decoder in one."""

    def __init__(self, config: NanoConfig):
        super().__init__()
        c, width = config, config.decoder_width
        fine, (up0, up1) = c.embedding_channels, c.upscaling_widths
        self.register_buffer("pe_gauss", torch.randn(2, width // 2))
        self.box_tokens = nn.Parameter(torch.randn(2, width) * 0.02)
        self.iou_token = nn.Parameter(torch.randn(1, width))
        self.mask_tokens = nn.Parameter(torch.randn(1, width))
        self.no_mask = nn.Parameter(torch.zeros(width))
        self.key_proj = nn.Conv2d(fine, width, 2, 2)
        self.box_key = nn.Sequential(nn.Linear(BOX_FEATURES, 32), nn.ReLU(), nn.Linear(32, width))
        self.box_up0 = nn.Linear(BOX_FEATURES, up0)
        self.box_up1 = nn.Linear(BOX_FEATURES, up1)
        self.layers = nn.ModuleList(NanoTwoWayBlock(c, first=i == 0) for i in range(c.decoder_depth))
        self.final_attn = Attention(width, width // c.cross_divisor, c.decoder_heads)
        self.norm_final = nn.LayerNorm(width, eps=LAYER_NORM_EPS)
        self.mid = MBConv(width, width, expand=1, residual=True, kernel=5, **CONV)
        self.up0 = PixelShuffleLinear(width, up0)
        self.skip = nn.Conv2d(fine, up0, 1, bias=False)
        self.up_norm = nn.LayerNorm(up0, eps=LAYER_NORM_EPS)
        self.refine = FusedMBConv(up0, up0, expand=1, residual=True, **CONV)
        self.up1 = PixelShuffleLinear(up0, up1)
        self.hyper = nn.ModuleList([_three_layers(width, up1)])
        self.iou_head = _three_layers(width, 1)

    def forward(self, embedding: Tensor, boxes: Tensor, image_of_box: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Decodes boxes (N, 4), pixels / max(H, W), on embeddings (B, E, S/4, S/4).

        `image_of_box` (N,) says which embedding each box belongs to; without it the batch must be one image.
        Returns mask logits (N, 1, S/2, S/2) and the predicted IoU (N, 1).
        """
        return self._decode(embedding, boxes, image_of_box)

    def _mixed(self, pixels: Tensor) -> Tensor:
        """What the pixels (N, width, S/8, S/8) tell each other after the attention."""
        return self.mid(pixels)

    def _decode(self, embedding: Tensor, boxes: Tensor, image_of_box: Tensor | None, coarse_prompt: Tensor | None = None,
                fine_prompt: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """`coarse_prompt` (N, n*n, width) and `fine_prompt` (N, n*n, 4, up0), n = S/8, are added where the box's features are."""
        side = 4 * embedding.shape[-1]                                                                # of the input
        n = side // 8                                                                                 # of the pixel grid, stride 8
        corners = fourier_features(boxes.reshape(-1, 2, 2), self.pe_gauss) + self.box_tokens          # (N, 2, width)
        learned = torch.cat([self.iou_token, self.mask_tokens]).expand(boxes.shape[0], -1, -1)
        token_pe = torch.cat([learned, corners], dim=1)                                               # (N, 4, width)
        pixel_pe = fourier_features(pixel_grid(n, boxes), self.pe_gauss)[None]                        # (1, n*n, width)

        pixels = _per_box(_channels_last(self.key_proj(embedding)), image_of_box) + self.no_mask      # (N, n*n, width)
        pixels = pixels + self.box_key(box_features(boxes, n, 1, side)[:, :, 0])
        if coarse_prompt is not None:
            pixels = pixels + coarse_prompt
        tokens = token_pe
        for layer in self.layers:
            tokens, pixels = layer(tokens, pixels, token_pe, pixel_pe)
        tokens = self.norm_final(tokens + self.final_attn(tokens + token_pe, pixels + pixel_pe, pixels))

        pixels = _channels_last(self._mixed(_image(pixels, n)))
        fine = self.up0(pixels) + self.box_up0(box_features(boxes, n, 2, side))                       # (N, n*n, 4, up0)
        if fine_prompt is not None:
            fine = fine + fine_prompt
        fine = fine.unflatten(2, (2, 2)).unflatten(1, (n, n)).transpose(2, 3).flatten(1, 4)           # row-major, 2n wide
        fine = fine + _per_box(_channels_last(self.skip(embedding)), image_of_box)
        fine = F.relu6(self.up_norm(fine))
        fine = _channels_last(self.refine(_image(fine, 2 * n)))                                       # (N, 4n*n, up0)
        fine = F.relu6(self.up1(fine) + self.box_up1(box_features(boxes, 2 * n, 2, side)))            # (N, 4n*n, 4, up1)

        logits = _project(fine.flatten(1, 2), self.hyper[0](tokens[:, 1]))                            # (N, 16n*n)
        masks = logits.reshape(-1, 2 * n, 2 * n, 2, 2).transpose(2, 3).reshape(-1, 1, 4 * n, 4 * n)
        return masks, self.iou_head(tokens[:, 0])


def _three_layers(width: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, out))


def _channels_last(x: Tensor) -> Tensor:
    """(B, C, h, w) -> (B, h*w, C)"""
    return x.flatten(2).transpose(1, 2)


def _image(x: Tensor, size: int) -> Tensor:
    """(B, size*size, C) -> (B, C, size, size)"""
    return x.transpose(1, 2).unflatten(2, (size, size))


def _per_box(x: Tensor, image_of_box: Tensor | None) -> Tensor:
    """Repeats images (B, ...) for their boxes (N, ...); a single image (1, ...) broadcasts."""
    return x if image_of_box is None else x.index_select(0, image_of_box)


def _project(pixels: Tensor, weights: Tensor) -> Tensor:
    """Product of pixels (N, P, C) and one vector (N, C) each: (N, P)."""
    if pixels.requires_grad and pixels.device.type == "cpu":  # the backward pass of a batched matrix-vector product is slow on CPUs
        return (pixels * weights[:, None]).sum(-1)
    return (pixels @ weights[:, :, None])[:, :, 0]
