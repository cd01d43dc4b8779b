"""The EfficientViT-SAM image encoder (L0, L1, L2) as one fast ONNX graph."""

from __future__ import annotations

from dataclasses import dataclass

import onnx

from .blocks import Blocks
from .graph import Graph, State, upsample

EPS = 1e-6


@dataclass(frozen=True)
class Depths:
    """Residual blocks per stage, after the stage's first operation, and in the neck."""

    stages: tuple[int, int, int, int, int]
    neck: int


DEPTHS = {
    "l0": Depths((1, 1, 1, 4, 4), 4),
    "l1": Depths((1, 1, 1, 6, 6), 8),
    "l2": Depths((1, 2, 2, 8, 8), 12),
}


def encoder(state: State, variant: str, size: int = 512) -> onnx.ModelProto:
    """``image`` (1, 3, size, size) to ``image_embeddings`` as tokens (1, (size/8)^2, 256).

    Batch norms are folded, GELU is one node, bicubic upsampling is two matrix products, and the embedding is
    normalised and delivered row by row as the decoder wants it.
    """
    graph = Graph(f"efficientvit-sam-{variant}-encoder")
    blocks = Blocks(graph, state, "image_encoder.", EPS, "gelu_tanh")
    depths = DEPTHS[variant]
    features = _backbone(blocks, graph.input("image", (1, 3, size, size)), depths, size)
    graph.output(_neck(blocks, features, depths.neck, size // 8), "image_embeddings", (1, (size // 8) ** 2, 256))
    return graph.model()


def _backbone(blocks: Blocks, x: str, depths: Depths, size: int) -> list[str]:
    """The outputs of stages 2, 3 and 4: strides 8, 16 and 32."""
    add, outputs = blocks.graph.add, []
    for stage, depth in enumerate(depths.stages):
        key = f"backbone.stages.{stage}.op_list."
        if stage == 0:
            x = blocks.conv(x, key + "0", stride=2, activated=True)
            block = blocks.res_block
        else:
            block = blocks.fused_mb_conv if stage < 3 else blocks.mb_conv
            x = block(x, key + "0.main", stride=2)
        for i in range(1, depth + 1):
            if stage == 4:
                mla = f"{key}{i}.context_module.main."
                x = add(x, blocks.lite_mla(x, mla + "qkv.conv", mla + "aggreg.0", mla + "proj", size // 32))
                x = add(x, block(x, f"{key}{i}.local_module.main"))
            else:
                x = add(x, block(x, f"{key}{i}.main"))
        if stage >= 2:
            outputs.append(x)
    return outputs


def _neck(blocks: Blocks, features: list[str], depth: int, side: int) -> str:
    graph, x = blocks.graph, ""
    for i, feature in enumerate(features):  # strides 8, 16, 32 are the neck's inputs 2, 1, 0
        y = blocks.conv(feature, f"neck.input_ops.{2 - i}.op_list.0")
        x = y if i == 0 else graph.add(upsample(graph, y, side >> i, side, cubic=True), x)
    for i in range(depth):
        x = graph.add(x, blocks.fused_mb_conv(x, f"neck.middle.op_list.{i}.main"))
    return blocks.normalised_rows(x, side, "neck.output_ops.0.op_list.0.conv", "norm")
