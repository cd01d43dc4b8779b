"""SAM's mask decoder: tokens and image meet in the two-way transformer; each mask token then weights the upscaled pixels."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .layers import LayerNorm2d
from .two_way_transformer import TwoWayTransformer

MASKS = 4  # token 0 is the single-mask output, the only one used here; 1-3 still influence it through self-attention


class ThreeLayers(nn.Module):
    """Three linear layers with ReLU between them."""

    def __init__(self, width: int, out: int):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, out)])

    def forward(self, x: Tensor) -> Tensor:
        first, second, last = self.layers
        return last(F.relu(second(F.relu(first(x)))))


class MaskDecoder(nn.Module):
    """`norm_eps` is that of the transformer's LayerNorms: 1e-6 in EfficientViT-SAM, 1e-5 in the others."""

    def __init__(self, *, norm_eps: float, width: int = 256):
        super().__init__()
        self.transformer = TwoWayTransformer(norm_eps=norm_eps, width=width)
        self.iou_token = nn.Embedding(1, width)
        self.mask_tokens = nn.Embedding(MASKS, width)
        self.output_upscaling = nn.Sequential(
            nn.ConvTranspose2d(width, width // 4, 2, 2), LayerNorm2d(width // 4), nn.GELU(),
            nn.ConvTranspose2d(width // 4, width // 8, 2, 2), nn.GELU())
        self.output_hypernetworks_mlps = nn.ModuleList(ThreeLayers(width, width // 8) for _ in range(MASKS))
        self.iou_prediction_head = ThreeLayers(width, MASKS)

    def forward(self, embedding: Tensor, dense_prompt: Tensor, dense_pe: Tensor, prompts: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (N, 4, 4h, 4w) and predicted IoU (N, 4) of all four masks.

        embedding (N or 1, 256, h, w), dense_prompt (1, 256), dense_pe (1, h*w, 256), prompts (N, 2, 256).
        """
        height, width = embedding.shape[2:]
        boxes = prompts.shape[0]
        learned = torch.cat([self.iou_token.weight, self.mask_tokens.weight]).expand(boxes, -1, -1)
        tokens = torch.cat([learned, prompts], dim=1)                                 # (N, 1 + 4 + 2, 256)
        pixels = embedding.flatten(2).transpose(1, 2) + dense_prompt                  # (N or 1, h*w, 256)
        tokens, pixels = self.transformer(tokens, pixels.expand(boxes, -1, -1), dense_pe)

        upscaled = self.output_upscaling(pixels.transpose(1, 2).unflatten(2, (height, width)))        # (N, 32, 4h, 4w)
        weights = torch.stack(
            [mlp(tokens[:, 1 + i]) for i, mlp in enumerate(self.output_hypernetworks_mlps)], dim=1)   # (N, 4, 32)
        masks = (weights @ upscaled.flatten(2)).unflatten(2, (4 * height, 4 * width))
        return masks, self.iou_prediction_head(tokens[:, 0])
