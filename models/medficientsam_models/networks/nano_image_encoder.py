"""The nano family's image encoder: EfficientViT's blocks, and a fusion at stride 4 that keeps small objects."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .layers import ConvLayer, FusedMBConv, LayerNorm2d, MBConv, ResBlock, attention_eps, full_precision, relu_linear_attention
from .nano_config import CONV, NORM_EPS, NanoConfig


class LiteMLA(nn.Module):
    """Residual multi-scale linear attention: the pixels' own query, key, value and their 5x5 aggregates as further heads."""

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
        stages = [nn.Sequential(ConvLayer(3, w[0], 3, 2, **CONV), *(ResBlock(w[0], **CONV) for _ in range(d[0])))]
        for i, block in ((1, FusedMBConv), (2, FusedMBConv), (3, MBConv)):
            stages.append(nn.Sequential(
                block(w[i - 1], w[i], 2, expand=c.expand, residual=False, **CONV),
                *(block(w[i], w[i], expand=c.expand, residual=True, **CONV) for _ in range(d[i]))))
        attention = [MBConv(w[3], w[4], 2, expand=c.expand, residual=False, **CONV)]
        for _ in range(d[4]):
            attention += [LiteMLA(w[4], c.attention_width), MBConv(w[4], w[4], expand=c.expand, residual=True, **CONV)]
        stages.append(nn.Sequential(*attention))
        self.stages = nn.ModuleList(stages)

        neck, fine = c.neck_width, c.embedding_channels
        self.neck_in = nn.ModuleList(ConvLayer(w[i], neck, 1, norm_eps=NORM_EPS) for i in (4, 3, 2))
        self.neck_mid = nn.Sequential(
            *(FusedMBConv(neck, neck, expand=1, residual=True, **CONV) for _ in range(c.neck_depth)))
        self.fine_top = ConvLayer(neck, fine, 1, norm_eps=NORM_EPS)
        self.fine_in = ConvLayer(w[1], fine, 1, norm_eps=NORM_EPS)
        self.fine_mid = nn.Sequential(
            *(FusedMBConv(fine, fine, expand=1, residual=True, **CONV) for _ in range(c.fine_depth)))
        self.neck_out = nn.Conv2d(fine, fine, 1)
        self.norm = LayerNorm2d(fine)

    def forward(self, image: Tensor) -> Tensor:
        features = []
        x = image                                                                     # (B, 3, S, S)
        for stage in self.stages:
            x = stage(x)
            features.append(x)                                                        # (B, widths[i], S/2^(i+1), ...)
        deep, middle, coarse = (layer(features[i]) for layer, i in zip(self.neck_in, (4, 3, 2), strict=True))
        x = self.neck_mid(_upsample_to(coarse, deep) + (_upsample_to(coarse, middle) + coarse))       # (B, neck, S/8, S/8)
        fine = self.fine_in(features[1])
        x = self.fine_mid(_upsample_to(fine, self.fine_top(x)) + fine)
        return self.norm(self.neck_out(x))                                            # (B, E, S/4, S/4)


def _upsample_to(larger: Tensor, x: Tensor) -> Tensor:
    return F.interpolate(x, size=larger.shape[2:], mode="bilinear", align_corners=False)
