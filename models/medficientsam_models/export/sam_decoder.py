"""SAM's prompt encoder and mask decoder for N boxes. Only mask token 0 leaves it, so only its hypernetwork is here."""

from __future__ import annotations

import numpy as np
import onnx

from .graph import Graph, State
from .two_way import Geometry, TwoWay, dense_positions, four_pixels

DIM = 256
SIDE = 64  # the embedding is SIDE x SIDE
UP_EPS = 1e-6
GEOMETRY = Geometry(
    tokens=7,  # IoU, four masks, two box corners
    side=SIDE,
    width=DIM,
    heads=8,
    cross=128,
    depth=2,
    hidden="mlp.",
    final_attention="final_attn_token_to_image",
    final_norm="norm_final_attn",
)


def decoder(state: State, eps: float) -> onnx.ModelProto:
    """``image_embeddings`` (1, 4096, 256) and ``boxes`` (N, 4) to ``low_res_masks`` (N, 1, 256, 256), ``iou`` (N, 1).

    ``eps`` is that of the transformer's layer norms: 1e-6 in the EfficientViT models, 1e-5 in LiteMedSAM and MedSAM.
    """
    g = Graph("sam-decoder")
    embedding = g.input("image_embeddings", (1, SIDE * SIDE, DIM))
    boxes = g.input("boxes", ("N", 4))
    transformer = TwoWay(g, state, "mask_decoder.transformer.", GEOMETRY, eps)
    gaussian = state["prompt_encoder.pe_layer.positional_encoding_gaussian_matrix"]
    corners = np.concatenate([state[f"prompt_encoder.point_embeddings.{i}.weight"] for i in (2, 3)])
    learned = np.concatenate([state[f"mask_decoder.{k}.weight"] for k in ("iou_token", "mask_tokens")])
    prompt = transformer.prompt(boxes, gaussian, corners, learned)
    no_mask = state["prompt_encoder.no_mask_embed.weight"][0]
    tokens, pixels = transformer.run(prompt, embedding, no_mask, dense_positions(SIDE, gaussian))

    hyper = _mlp(g, state, transformer.token(tokens, 1), "mask_decoder.output_hypernetworks_mlps.0.layers.", 32)
    mask = g.matmul(_upscaled(g, state, pixels), g.reshape(hyper, -1, 32, 1))
    # (row, column) of the embedding, then of the first and of the second 2 x 2 step
    mask = g.transpose(g.reshape(mask, -1, SIDE, SIDE, 2, 2, 2, 2), 0, 1, 3, 5, 2, 4, 6)
    g.output(g.reshape(mask, -1, 1, 4 * SIDE, 4 * SIDE), "low_res_masks", ("N", 1, 4 * SIDE, 4 * SIDE))
    iou = _mlp(g, state, transformer.token(tokens, 0), "mask_decoder.iou_prediction_head.layers.", 1)
    g.output(iou, "iou", ("N", 1))
    return g.model()


def _mlp(g: Graph, state: State, x: str, key: str, outputs: int) -> str:
    """Three layers, of the last only the first ``outputs`` rows."""
    for i in range(3):
        weight, bias = (state[f"{key}{i}.{leaf}"] for leaf in ("weight", "bias"))
        x = g.op("Relu", g.linear(x, weight, bias)) if i < 2 else g.linear(x, weight[:outputs], bias[:outputs])
    return x


def _upscaled(g: Graph, state: State, pixels: str) -> str:
    """(N, 4096, 256) to (N, 65536, 32): four times four sub-pixels of each pixel in a row."""
    key = "mask_decoder.output_upscaling."
    weight, bias = four_pixels(state, key + "0")
    up = g.reshape(g.linear(pixels, weight), -1, 4 * SIDE**2, 64)
    up = g.layer_norm(up, state[key + "1.weight"], state[key + "1.bias"], UP_EPS, offset=bias)
    weight, bias = four_pixels(state, key + "3")
    up = g.gemm(g.reshape(g.op("Gelu", up), -1, 64), weight, np.tile(bias, 4))
    return g.reshape(g.op("Gelu", up), -1, 16 * SIDE**2, 32)
