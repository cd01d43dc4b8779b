"""The nano family's encoder as a fast ONNX graph, from the same state dict as networks/nano.py.

Sizes are read off the weights, so every member of the family goes through the same code.
"""

from __future__ import annotations

import onnx

from .blocks import Blocks
from .graph import Graph, State, upsample

BATCH_NORM_EPS = 1e-5


def encoder(state: State, size: int) -> onnx.ModelProto:
    """``image`` (1, 3, size, size) to ``image_embeddings`` as tokens (1, (size/4)^2, E)."""
    graph = Graph("nano-encoder")
    blocks = Blocks(graph, state, "image_encoder.", BATCH_NORM_EPS, "relu6")
    x, features = graph.input("image", (1, 3, size, size)), []
    for stage in range(5):
        x = _stage(blocks, x, stage, size)
        features.append(x)
    y = _neck(blocks, features, size)
    channels = blocks.bias("norm").size
    graph.output(blocks.normalised_rows(y, size // 4, "neck_out", "norm"), "image_embeddings", (1, (size // 4) ** 2, channels))
    return graph.model()


def count(state: State, prefix: str) -> int:
    """How many numbered children the key ``prefix`` has."""
    return len({key[len(prefix) :].split(".")[0] for key in state if key.startswith(prefix)})


def _stage(blocks: Blocks, x: str, stage: int, size: int) -> str:
    key = f"stages.{stage}."
    if stage == 0:
        x = blocks.conv(x, key + "0", stride=2, activated=True)
    else:
        x = (blocks.fused_mb_conv if stage < 3 else blocks.mb_conv)(x, key + "0", stride=2)
    for i in range(1, count(blocks.state, blocks.prefix + key)):
        block = f"{key}{i}"
        if blocks.prefix + block + ".qkv.weight" in blocks.state:
            y = blocks.lite_mla(x, block + ".qkv", block + ".aggreg", block + ".proj", size // 32)
        else:
            y = (blocks.res_block, blocks.fused_mb_conv, blocks.fused_mb_conv, blocks.mb_conv, blocks.mb_conv)[stage](x, block)
        x = blocks.graph.add(x, y)
    return x


def _neck(blocks: Blocks, features: list[str], size: int) -> str:
    g = blocks.graph
    x = blocks.conv(features[2], "neck_in.2")
    for i, stage in ((1, 3), (0, 4)):
        y = blocks.conv(features[stage], f"neck_in.{i}")
        x = g.add(upsample(g, y, size >> stage + 1, size // 8, cubic=False), x)
    for i in range(count(blocks.state, blocks.prefix + "neck_mid.")):
        x = g.add(x, blocks.fused_mb_conv(x, f"neck_mid.{i}"))
    top = upsample(g, blocks.conv(x, "fine_top"), size // 8, size // 4, cubic=False)
    x = g.add(top, blocks.conv(features[1], "fine_in"))
    for i in range(count(blocks.state, blocks.prefix + "fine_mid.")):
        x = g.add(x, blocks.fused_mb_conv(x, f"fine_mid.{i}"))
    return x
