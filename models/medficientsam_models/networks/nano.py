"""Our own small family: EfficientViT's blocks with a box-aware SAM decoder, light enough to train on a CPU.

    image (B, 3, S, S) -> embedding (B, E, S/4, S/4)
    embedding, boxes (N, 4) -> mask logits (N, 1, S/2, S/2), iou (N, 1)

It differs from EfficientViT-SAM where a small model gains: the embedding keeps stride 4 (small objects), and the decoder sees
the box not only as two corner tokens but as ten analytic features of every pixel (see `box_features`).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .fourier import fourier_features, pixel_centres, pixel_grid
from .layers import (ConvLayer, FusedMBConv, LayerNorm2d, MBConv, ResBlock, attention_eps, full_precision,
                     relu_linear_attention)
from .two_way_transformer import Attention, TwoWayAttention

BOX_FEATURES = 10
NORM_EPS = 1e-5
LAYER_NORM_EPS = 1e-6


@dataclass(frozen=True)
class NanoConfig:
    """Geometry of one member; `input_size` must be a multiple of 32. The embedding is input_size / 4 wide."""

    input_size: int = 256
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

    def __post_init__(self) -> None:
        if self.input_size <= 0 or self.input_size % 32:
            raise ValueError(f"input_size must be a positive multiple of 32, got {self.input_size}")
        if self.widths[4] % self.attention_width:
            raise ValueError(f"widths[4] must be a multiple of attention_width {self.attention_width}, got {self.widths[4]}")

    @property
    def embedding_size(self) -> int:
        return self.input_size // 4

    @property
    def key_size(self) -> int:
        """Side of the decoder's pixel grid (stride 8)."""
        return self.input_size // 8

    @property
    def mask_size(self) -> int:
        return self.input_size // 2


NANO = NanoConfig()

_CONV = {"act": nn.ReLU6, "norm_eps": NORM_EPS}


class LiteMLA(nn.Module):
    """Residual multi-scale linear attention: the pixels' own query, key, value and their 5x5 aggregates as further heads."""

    residual = True

    def __init__(self, channels: int, width: int):
        super().__init__()
        self.width = width
        self.qkv = nn.Conv2d(channels, 3 * channels, 1, bias=False)
        self.aggreg = nn.Sequential(
            nn.Conv2d(3 * channels, 3 * channels, 5, padding=2, groups=3 * channels, bias=False),
            nn.Conv2d(3 * channels, 3 * channels, 1, groups=3 * channels // width, bias=False))
        self.proj = ConvLayer(2 * channels, channels, 1, norm_eps=NORM_EPS)

    def forward(self, x: Tensor) -> Tensor:
        qkv = self.qkv(x)
        with full_precision(x):  # a bfloat16 depthwise 5x5 is slower than a float32 one on CPUs
            qkv = qkv.float()
            scales = torch.cat([qkv, self.aggreg(qkv)], dim=1)                        # (B, 6C, h, w)
        return x + self.proj(relu_linear_attention(scales, self.width, attention_eps(self.training)))


class NanoImageEncoder(nn.Module):
    """Five stages of stride 2, a neck at stride 8 and a fusion with stage 1 at stride 4."""

    def __init__(self, config: NanoConfig):
        super().__init__()
        c, w, d = config, config.widths, config.depths
        self.config = config
        stages = [nn.Sequential(ConvLayer(3, w[0], 3, 2, **_CONV), *(ResBlock(w[0], **_CONV) for _ in range(d[0])))]
        for i, block in ((1, FusedMBConv), (2, FusedMBConv), (3, MBConv)):
            stages.append(nn.Sequential(
                block(w[i - 1], w[i], 2, expand=c.expand, residual=False, **_CONV),
                *(block(w[i], w[i], expand=c.expand, residual=True, **_CONV) for _ in range(d[i]))))
        attention = [MBConv(w[3], w[4], 2, expand=c.expand, residual=False, **_CONV)]
        for _ in range(d[4]):
            attention += [LiteMLA(w[4], c.attention_width), MBConv(w[4], w[4], expand=c.expand, residual=True, **_CONV)]
        stages.append(nn.Sequential(*attention))
        self.stages = nn.ModuleList(stages)

        neck, fine = c.neck_width, c.embedding_channels
        self.neck_in = nn.ModuleList(ConvLayer(w[i], neck, 1, norm_eps=NORM_EPS) for i in (4, 3, 2))
        self.neck_mid = nn.Sequential(
            *(FusedMBConv(neck, neck, expand=1, residual=True, **_CONV) for _ in range(c.neck_depth)))
        self.fine_top = ConvLayer(neck, fine, 1, norm_eps=NORM_EPS)
        self.fine_in = ConvLayer(w[1], fine, 1, norm_eps=NORM_EPS)
        self.fine_mid = nn.Sequential(
            *(FusedMBConv(fine, fine, expand=1, residual=True, **_CONV) for _ in range(c.fine_depth)))
        self.neck_out = nn.Conv2d(fine, fine, 1)
        self.norm = LayerNorm2d(fine)

    def forward(self, image: Tensor) -> Tensor:
        features = []
        x = image                                                                     # (B, 3, S, S)
        for stage in self.stages:
            x = stage(x)
            features.append(x)                                                        # (B, widths[i], S/2^(i+1), ...)
        key, size = self.config.key_size, self.config.embedding_size
        x = (_upsample(self.neck_in[0](features[4]), key)
             + (_upsample(self.neck_in[1](features[3]), key) + self.neck_in[2](features[2])))
        x = self.neck_mid(x)                                                          # (B, neck, S/8, S/8)
        x = self.fine_mid(_upsample(self.fine_top(x), size) + self.fine_in(features[1]))
        return self.norm(self.neck_out(x))                                            # (B, E, S/4, S/4)


def _upsample(x: Tensor, size: int) -> Tensor:
    return F.interpolate(x, size=(size, size), mode="bilinear", align_corners=False)


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
        self.config = config
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
        self.mid = MBConv(width, width, expand=1, residual=True, kernel=5, **_CONV)
        self.up0 = PixelShuffleLinear(width, up0)
        self.skip = nn.Conv2d(fine, up0, 1, bias=False)
        self.up_norm = nn.LayerNorm(up0, eps=LAYER_NORM_EPS)
        self.refine = FusedMBConv(up0, up0, expand=1, residual=True, **_CONV)
        self.up1 = PixelShuffleLinear(up0, up1)
        self.hyper = nn.ModuleList([_three_layers(width, up1)])
        self.iou_head = _three_layers(width, 1)

    def forward(self, embedding: Tensor, boxes: Tensor, image_of_box: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Decodes boxes (N, 4), pixels / max(H, W), on embeddings (B, E, S/4, S/4).

        `image_of_box` (N,) says which embedding each box belongs to; without it the batch must be one image.
        Returns mask logits (N, 1, S/2, S/2) and the predicted IoU (N, 1).
        """
        n, (up0, up1) = self.config.key_size, self.config.upscaling_widths
        corners = fourier_features(boxes.reshape(-1, 2, 2), self.pe_gauss) + self.box_tokens          # (N, 2, width)
        learned = torch.cat([self.iou_token, self.mask_tokens]).expand(boxes.shape[0], -1, -1)
        token_pe = torch.cat([learned, corners], dim=1)                                               # (N, 4, width)
        pixel_pe = fourier_features(pixel_grid(n, boxes), self.pe_gauss)[None]                        # (1, n*n, width)

        pixels = _per_box(_channels_last(self.key_proj(embedding)), image_of_box) + self.no_mask      # (N, n*n, width)
        pixels = pixels + self.box_key(self.box_features(boxes, n, 1)[:, :, 0])
        tokens = token_pe
        for layer in self.layers:
            tokens, pixels = layer(tokens, pixels, token_pe, pixel_pe)
        tokens = self.norm_final(tokens + self.final_attn(tokens + token_pe, pixels + pixel_pe, pixels))

        pixels = _channels_last(self.mid(_image(pixels, n)))
        fine = self.up0(pixels) + self.box_up0(self.box_features(boxes, n, 2))                        # (N, n*n, 4, up0)
        fine = fine.reshape(-1, n, n, 2, 2, up0).transpose(2, 3).reshape(-1, 4 * n * n, up0)          # row-major, 2n wide
        fine = fine + _per_box(_channels_last(self.skip(embedding)), image_of_box)
        fine = F.relu6(self.up_norm(fine))
        fine = _channels_last(self.refine(_image(fine, 2 * n)))                                       # (N, 4n*n, up0)
        fine = F.relu6(self.up1(fine) + self.box_up1(self.box_features(boxes, 2 * n, 2)))             # (N, 4n*n, 4, up1)

        logits = _project(fine.reshape(-1, 16 * n * n, up1), self.hyper[0](tokens[:, 1]))             # (N, 16n*n)
        masks = logits.reshape(-1, 2 * n, 2 * n, 2, 2).transpose(2, 3).reshape(-1, 1, 4 * n, 4 * n)
        return masks, self.iou_head(tokens[:, 0])

    def box_features(self, boxes: Tensor, size: int, sub: int) -> Tensor:
        """What each pixel of a (size * sub)^2 grid knows of each box: (N, size*size, sub*sub, 10), clamped to [-2, 2].

        Box-relative x and y in half box widths, their squares less one, the distance to the inscribed ellipse, to the nearest
        side (fine and coarse) and to the ellipse in pixels, and half the log of the half width and height.
        The grid is ordered (row, column, sub-row, sub-column), as the transposed convolutions produce it.
        """
        px = self.config.input_size
        x0, y0, x1, y1 = boxes.split(1, dim=1)                                        # (N, 1) each
        # A quarter of a pixel outwards in all, and never less than three eighths wide: a box may be one pixel or one line.
        centre_x, centre_y = (x0 + x1 + 0.25 / px) * 0.5, (y0 + y1 + 0.25 / px) * 0.5
        half_w, half_h = (x1 - x0) * 0.5 + 0.375 / px, (y1 - y0) * 0.5 + 0.375 / px
        centres = pixel_centres(size * sub, boxes)[None]
        dx, dy = centres - centre_x, centres - centre_y                               # (N, size * sub)

        def columns(t: Tensor) -> Tensor:
            return t.reshape(-1, 1, size, 1, sub)

        def rows(t: Tensor) -> Tensor:
            return t.reshape(-1, size, 1, sub, 1)

        def everywhere(t: Tensor) -> Tensor:
            return t.reshape(-1, 1, 1, 1, 1)

        u, v = (dx / half_w).clamp(-2, 2), (dy / half_h).clamp(-2, 2)
        radius = (columns(u * u) + rows(v * v) + 1e-6).sqrt() - 1                     # 0 on the inscribed ellipse
        side = torch.minimum(columns((half_w - dx.abs()) * px), rows((half_h - dy.abs()) * px))
        ellipse = radius * everywhere(torch.minimum(half_w, half_h) * (-0.5 * px))
        features = [
            columns(u), rows(v), columns(u * u - 1), rows(v * v - 1), radius,
            (side * 0.5).clamp(-2, 2), (side * 0.06).clamp(-2, 2), ellipse.clamp(-2, 2),
            everywhere((half_w * 8).log() * 0.5), everywhere((half_h * 8).log() * 0.5)]
        return torch.stack(torch.broadcast_tensors(*features), dim=-1).reshape(-1, size * size, sub * sub, BOX_FEATURES)


class Nano(nn.Module):
    """Encoder and decoder of one configuration."""

    def __init__(self, config: NanoConfig = NANO):
        super().__init__()
        self.config = config
        self.image_encoder = NanoImageEncoder(config)
        self.decoder = NanoDecoder(config)

    @property
    def input_size(self) -> int:
        return self.config.input_size

    @property
    def mask_size(self) -> int:
        return self.config.mask_size

    @property
    def embedding_shape(self) -> tuple[int, int, int]:
        """(E, h, w) of one image's embedding."""
        return self.config.embedding_channels, self.config.embedding_size, self.config.embedding_size

    def encode(self, image: Tensor) -> Tensor:
        return self.image_encoder(image)

    def decode(self, embedding: Tensor, boxes: Tensor, image_of_box: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """See `NanoDecoder.forward`."""
        return self.decoder(embedding, boxes, image_of_box)

    def forward(self, image: Tensor, boxes: Tensor, image_of_box: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return self.decode(self.encode(image), boxes, image_of_box)


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
    if pixels.requires_grad:  # the backward pass of a batched matrix-vector product is slow on CPUs
        return (pixels * weights[:, None]).sum(-1)
    return (pixels @ weights[:, :, None])[:, :, 0]
