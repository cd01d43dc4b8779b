"""The nano family's decoder for volumes: beside the box it sees the mask that it found in the neighbouring slice, and all prompts.

    embedding, boxes (N, 4), mask_input (N, 1, S/2, S/2), has_mask_input (N, 1), prompt_boxes (N, 4), heights (N, 1),
    other_boxes (N, K, 4), other_heights (N, K), other_ranks (N, K), start_prototypes (N, A)
        -> mask logits (N, 1, S/2, S/2), iou (N, 1), prototypes (N, A), A = 2 E or 4 E

`mask_input` and `has_mask_input` are SAM's own: the logits of an earlier decode, and 0 where there was none. `boxes` are what is
expected in this slice, `prompt_boxes` what was drawn round the whole object, in the same units; `heights` say where the slice lies
in it, 0 in the middle and 1 half a slice beyond either end. The others are the case's other prompts, see presence.py: a voxel has one
label, so what lies inside a smaller prompt is hardly the larger's. A box round a ring is almost a box round what the ring holds.
`start_prototypes` are the `prototypes` of the object in the slice it was followed from, zeros there: what it looked like before
any error added up.
"""

from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .box_features import BOX_FEATURES, box_features
from .layers import MBConv
from .nano_config import CONV, MICRO, NanoConfig
from .nano_decoder import NanoDecoder
from .presence import presence
from .prototypes import prototypes

_HIDDEN = 32


class NanoPropagator(NanoDecoder):
    """The decoder with more prompts, which enter where the box's features do. Starts as the decoder it is loaded from."""

    def __init__(self, config: NanoConfig = MICRO):
        super().__init__(replace(config, decoder_depth=config.propagator.decoder_depth,
                                 decoder_hidden=config.propagator.decoder_hidden))
        width, up0 = config.decoder_width, config.upscaling_widths[0]
        self.mask_key = nn.Sequential(nn.Linear(16 + 1, _HIDDEN), nn.ReLU(), nn.Linear(_HIDDEN, width, bias=False))
        self.mask_up0 = nn.Linear(4 + 1, up0, bias=False)
        self.prompt_key = nn.Sequential(nn.Linear(BOX_FEATURES + 2, _HIDDEN), nn.ReLU(), nn.Linear(_HIDDEN, width, bias=False))
        self.prompt_up0 = nn.Linear(BOX_FEATURES + 2, up0, bias=False)
        self.other_key = nn.Sequential(nn.Linear(2, _HIDDEN), nn.ReLU(), nn.Linear(_HIDDEN, width, bias=False))
        self.other_up0 = nn.Linear(2, up0, bias=False)
        channels = config.embedding_channels
        self._edges, looks = config.propagator.edges, config.propagator.looks
        self.appearance_size = (4 if self._edges else 2) * channels
        self.look_pixel = nn.Linear(channels, looks, bias=False)
        self.look_object = nn.Linear(self.appearance_size, looks, bias=False)
        self.look_key = nn.Linear(looks, width, bias=False)
        self.look_up0 = nn.Linear(looks, up0, bias=False)
        for last in (self.mask_key[2], self.mask_up0, self.prompt_key[2], self.prompt_up0, self.other_key[2], self.other_up0,
                     self.look_key, self.look_up0):
            nn.init.zeros_(last.weight)
        self.more = nn.ModuleList(MBConv(width, width, expand=1, residual=True, kernel=5, **CONV)
                                  for _ in range(config.propagator.blocks))
        for block in self.more:
            nn.init.zeros_(block.point_conv.norm.weight)

    def _mixed(self, pixels: Tensor) -> Tensor:
        pixels = super()._mixed(pixels)
        for block in self.more:
            pixels = block(pixels)
        return pixels

    def forward(self, embedding: Tensor, boxes: Tensor, mask_input: Tensor, has_mask_input: Tensor, prompt_boxes: Tensor,
                heights: Tensor, other_boxes: Tensor, other_heights: Tensor, other_ranks: Tensor,
                start_prototypes: Tensor, image_of_box: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        side = 4 * embedding.shape[-1]
        n = side // 8
        # Signed and bounded: 1 surely object, -1 surely not, 0 where nothing is known.
        mask = torch.tanh(mask_input[:, 0] * 0.5) * has_mask_input[:, :, None]                        # (N, 4n, 4n)
        patches = mask.reshape(-1, n, 4, n, 4).transpose(2, 3).reshape(-1, n * n, 16)
        quarters = mask.reshape(-1, n, 2, 2, n, 2, 2).permute(0, 1, 4, 2, 5, 3, 6).reshape(-1, n * n, 4, 4)
        known = has_mask_input[:, None].expand(-1, n * n, -1)                                         # (N, n*n, 1)
        where = torch.cat([heights, heights**2], dim=1)[:, None, None]                                # (N, 1, 1, 2)

        def drawn(sub: int) -> Tensor:
            features = box_features(prompt_boxes, n, sub, side)
            return torch.cat([features, where.expand(-1, *features.shape[1:3], -1)], dim=-1)          # (N, n*n, sub*sub, 12)

        def others(sub: int) -> Tensor:
            return presence(other_boxes, other_heights, other_ranks, n, sub, side)

        pixels = self.look_pixel(embedding.flatten(2).transpose(1, 2))                                # (B, 4n*n, looks)
        if image_of_box is not None:
            pixels = pixels.index_select(0, image_of_box)
        alike = pixels * self.look_object(start_prototypes)[:, None]                                  # (N, 4n*n, looks)
        alike = alike.reshape(-1, n, 2, n, 2, alike.shape[-1]).transpose(2, 3).reshape(-1, n * n, 4, alike.shape[-1])

        coarse = (self.mask_key(torch.cat([patches, known], dim=-1)) + self.prompt_key(drawn(1)[:, :, 0])
                  + self.other_key(others(1)[:, :, 0]) + self.look_key(alike.mean(2)))
        told = [quarters, known[:, :, None].expand(-1, -1, 4, -1), drawn(2), others(2), alike]
        layers = (self.mask_up0, self.prompt_up0, self.other_up0, self.look_up0)
        # The layers' sum in one product.
        fine = F.linear(torch.cat(told, dim=-1), torch.cat([layer.weight for layer in layers], dim=1))                # (N, n*n, 4, up0)
        logits, iou = self._decode(embedding, boxes, image_of_box, coarse, fine)
        shown = embedding if image_of_box is None else embedding.index_select(0, image_of_box)
        return logits, iou, prototypes(shown, logits.detach(), prompt_boxes, edges=self._edges)
