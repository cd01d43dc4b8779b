"""The nano family's decoder for volumes: beside the box it sees the mask that it found in the neighbouring slice.

    embedding, boxes (N, 4), mask_input (N, 1, S/2, S/2), has_mask_input (N, 1) -> mask logits (N, 1, S/2, S/2), iou (N, 1)

The prompts are SAM's own: `mask_input` holds the logits of an earlier decode, `has_mask_input` is 0 where there was none.
"""

import torch
from torch import Tensor, nn

from .nano_config import MICRO, NanoConfig
from .nano_decoder import NanoDecoder

_HIDDEN = 32


class NanoPropagator(NanoDecoder):
    """The decoder with a mask prompt, which enters where the box's features do. Starts as the decoder it is loaded from."""

    def __init__(self, config: NanoConfig = MICRO):
        super().__init__(config)
        width, up0 = config.decoder_width, config.upscaling_widths[0]
        self.mask_key = nn.Sequential(nn.Linear(16 + 1, _HIDDEN), nn.ReLU(), nn.Linear(_HIDDEN, width, bias=False))
        self.mask_up0 = nn.Linear(4 + 1, up0, bias=False)
        nn.init.zeros_(self.mask_key[2].weight)
        nn.init.zeros_(self.mask_up0.weight)

    def forward(self, embedding: Tensor, boxes: Tensor, mask_input: Tensor, has_mask_input: Tensor,
                image_of_box: Tensor | None = None) -> tuple[Tensor, Tensor]:
        n = embedding.shape[-1] // 2
        # Signed and bounded: 1 surely object, -1 surely not, 0 where nothing is known.
        mask = torch.tanh(mask_input[:, 0] * 0.5) * has_mask_input[:, :, None]                        # (N, 4n, 4n)
        patches = mask.reshape(-1, n, 4, n, 4).transpose(2, 3).reshape(-1, n * n, 16)
        quarters = mask.reshape(-1, n, 2, 2, n, 2, 2).permute(0, 1, 4, 2, 5, 3, 6).reshape(-1, n * n, 4, 4)
        known = has_mask_input[:, None].expand(-1, n * n, -1)                                         # (N, n*n, 1)
        coarse = self.mask_key(torch.cat([patches, known], dim=-1))
        fine = self.mask_up0(torch.cat([quarters, known[:, :, None].expand(-1, -1, 4, -1)], dim=-1))
        return self._decode(embedding, boxes, image_of_box, coarse, fine)
