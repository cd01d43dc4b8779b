"""SAM's prompt encoder, as far as boxes go: two corner tokens per box, and the encoding of the image's own pixels."""

import torch
from torch import Tensor, nn

from .fourier import fourier_features, pixel_grid
from .layers import LayerNorm2d

TOP_LEFT, BOTTOM_RIGHT = 2, 3  # indices into the point embeddings; 0 and 1 mark background and foreground clicks


class RandomPositionEncoding(nn.Module):
    """Holds the fixed Gaussian matrix (2, width / 2), a buffer that checkpoints bring along."""

    def __init__(self, width: int):
        super().__init__()
        self.register_buffer("positional_encoding_gaussian_matrix", torch.randn(2, width // 2))

    def forward(self, points: Tensor) -> Tensor:
        """(..., 2) as x, y in [0, 1] -> (..., width)"""
        return fourier_features(points, self.positional_encoding_gaussian_matrix)


class PromptEncoder(nn.Module):
    """Coordinates come in as fractions of the padded square image; who wants upstream's half pixel adds it before."""

    def __init__(self, width: int = 256, grid_size: int = 64):
        super().__init__()
        self.grid_size = grid_size
        self.pe_layer = RandomPositionEncoding(width)
        self.point_embeddings = nn.ModuleList(nn.Embedding(1, width) for _ in range(4))
        self.no_mask_embed = nn.Embedding(1, width)
        # Clicks and mask prompts are never used here; these only keep the checkpoints' keys.
        self.not_a_point_embed = nn.Embedding(1, width)
        self.mask_downscaling = nn.Sequential(
            nn.Conv2d(1, 4, 2, 2), LayerNorm2d(4), nn.GELU(),
            nn.Conv2d(4, 16, 2, 2), LayerNorm2d(16), nn.GELU(),
            nn.Conv2d(16, width, 1))

    def forward(self, boxes: Tensor) -> Tensor:
        """Boxes (N, 4) as x0, y0, x1, y1 in [0, 1] -> corner tokens (N, 2, width)."""
        kinds = torch.cat([self.point_embeddings[i].weight for i in (TOP_LEFT, BOTTOM_RIGHT)])        # (2, width)
        return self.pe_layer(boxes.reshape(-1, 2, 2)) + kinds

    def dense_pe(self) -> Tensor:
        """The encoding of every pixel of the embedding, row-major: (1, grid_size^2, width)."""
        gaussian = self.pe_layer.positional_encoding_gaussian_matrix
        return self.pe_layer(pixel_grid(self.grid_size, gaussian))[None]
