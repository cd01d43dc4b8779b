"""A SAM: an image encoder of any kind, with the prompt encoder and mask decoder they all share."""

from torch import Tensor, nn

from .mask_decoder import MaskDecoder
from .prompt_encoder import PromptEncoder


class Sam(nn.Module):
    """image (B, 3, S, S) -> embedding (B, 256, 64, 64) -> per box, mask logits (256 x 256) and a predicted IoU."""

    embedding_shape = (256, 64, 64)
    mask_size = 256

    def __init__(self, image_encoder: nn.Module, *, input_size: int, decoder_norm_eps: float):
        super().__init__()
        self.input_size = input_size
        self.image_encoder = image_encoder
        self.prompt_encoder = PromptEncoder()
        self.mask_decoder = MaskDecoder(norm_eps=decoder_norm_eps)

    def encode(self, image: Tensor) -> Tensor:
        return self.image_encoder(image)

    def decode_all(self, embedding: Tensor, boxes: Tensor, image_of_box: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Logits (N, 4, 256, 256) and IoU (N, 4) of SAM's four masks; arguments as in `decode`."""
        if image_of_box is not None:
            embedding = embedding.index_select(0, image_of_box)
        return self.mask_decoder(embedding, self.prompt_encoder.no_mask_embed.weight, self.prompt_encoder.dense_pe(),
                                 self.prompt_encoder(boxes))

    def decode(self, embedding: Tensor, boxes: Tensor, image_of_box: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Decodes boxes (N, 4), pixels / max(H, W), on embeddings (B, 256, 64, 64).

        `image_of_box` (N,) says which embedding each box belongs to; without it the batch must be one image.
        Returns mask logits (N, 1, 256, 256) and the predicted IoU (N, 1): the single-mask output, token 0.
        """
        masks, iou = self.decode_all(embedding, boxes, image_of_box)
        return masks[:, :1], iou[:, :1]

    def forward(self, image: Tensor, boxes: Tensor, image_of_box: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return self.decode(self.encode(image), boxes, image_of_box)
