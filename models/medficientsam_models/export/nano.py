"""The nano family's encoder as a fast ONNX graph, from the same state dict as networks/nano.py.

Sizes are read off the weights, so every member of the family goes through the same code.
"""

from __future__ import annotations

import onnx

from .blocks import Blocks
from .graph import Graph, State, upsample, upsample_any

BATCH_NORM_EPS = 1e-5
FREE = "S"  # the name of a side that is free: any multiple of 32


def encoder(state: State, size: int | None) -> onnx.ModelProto:
    """``image`` (1, 3, size, size) to ``image_embeddings`` as tokens (1, (size/4)^2, E); without a size of any."""
    graph = Graph("nano-encoder")
    blocks = Blocks(graph, state, "image_encoder.", BATCH_NORM_EPS, "relu6")
    x, features = graph.input("image", (1, 3, size or FREE, size or FREE)), []
    for stage in range(5):
        x = _stage(blocks, x, stage, size)
        features.append(x)
    y = _neck(blocks, features, size)
    channels = blocks.bias("norm").size
    rows = blocks.normalised_rows(y, size and size // 4, "neck_out", "norm")
    graph.output(rows, "image_embeddings", (1, (size // 4) ** 2 if size else "T", channels))
    return graph.model()


def count(state: State, prefix: str) -> int:
    """How many numbered children the key ``prefix`` has."""
    return len({key[len(prefix) :].split(".")[0] for key in state if key.startswith(prefix)})


def _stage(blocks: Blocks, x: str, stage: int, size: int | None) -> str:
    key = f"stages.{stage}."
    if stage == 0:
        x = blocks.conv(x, key + "0", stride=2, activated=True)
    else:
        x = (blocks.fused_mb_conv if stage < 3 else blocks.mb_conv)(x, key + "0", stride=2)
    for i in range(1, count(blocks.state, blocks.prefix + key)):
        block = f"{key}{i}"
        if blocks.prefix + block + ".qkv.weight" in blocks.state:
            y = blocks.lite_mla(x, block + ".qkv", block + ".aggreg", block + ".proj", size and size // 32)
        else:
            y = (blocks.res_block, blocks.fused_mb_conv, blocks.fused_mb_conv, blocks.mb_conv, blocks.mb_conv)[stage](x, block)
        x = blocks.graph.add(x, y)
    return x


def _neck(blocks: Blocks, features: list[str], size: int | None) -> str:
    g = blocks.graph

    def enlarged(y: str, stride: int, target: int) -> str:
        if size is None:
            return upsample_any(g, y, stride // target)
        return upsample(g, y, size // stride, size // target, cubic=False)

    x = blocks.conv(features[2], "neck_in.2")
    for i, stage in ((1, 3), (0, 4)):
        y = blocks.conv(features[stage], f"neck_in.{i}")
        x = g.add(enlarged(y, 2 << stage, 8), x)
    for i in range(count(blocks.state, blocks.prefix + "neck_mid.")):
        x = g.add(x, blocks.fused_mb_conv(x, f"neck_mid.{i}"))
    x = g.add(enlarged(blocks.conv(x, "fine_top"), 8, 4), blocks.conv(features[1], "fine_in"))
    for i in range(count(blocks.state, blocks.prefix + "fine_mid.")):
        x = g.add(x, blocks.fused_mb_conv(x, f"fine_mid.{i}"))
    return x
