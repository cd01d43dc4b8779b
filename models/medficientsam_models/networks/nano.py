"""Our own small family: EfficientViT's blocks with a box-aware SAM decoder, light enough to train on a CPU.

    image (B, 3, S, S) -> embedding (B, E, S/4, S/4)
    embedding, boxes (N, 4) -> mask logits (N, 1, S/2, S/2), iou (N, 1)

It differs from EfficientViT-SAM where a small model gains: the embedding keeps stride 4 (small objects), and the decoder sees
the box not only as two corner tokens but as ten analytic features of every pixel (see `box_features`).
"""

from torch import Tensor, nn

from .nano_config import MICRO, NANO, SMALL, NanoConfig
from .nano_decoder import NanoDecoder
from .nano_image_encoder import NanoImageEncoder

__all__ = ["MICRO", "NANO", "SMALL", "Nano", "NanoConfig"]


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
        return self.config.input_size // 2

    @property
    def embedding_shape(self) -> tuple[int, int, int]:
        """(E, h, w) of one image's embedding."""
        return self.config.embedding_channels, self.config.input_size // 4, self.config.input_size // 4

    def encode(self, image: Tensor) -> Tensor:
        return self.image_encoder(image)

    def decode(self, embedding: Tensor, boxes: Tensor, image_of_box: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """See `NanoDecoder.forward`."""
        return self.decoder(embedding, boxes, image_of_box)

    def forward(self, image: Tensor, boxes: Tensor, image_of_box: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return self.decode(self.encode(image), boxes, image_of_box)
