"""The nano family's decoder for volumes as a fast ONNX graph, from the same state dict as networks/nano_propagator.py."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx

from .graph import Graph, State
from .nano_decoder import FEATURES, DecoderGraph, completed, inputs

_NOWHERE = 1e4  # taken from the presence of an object that does not count: any value that brings it below 0


def propagator(state: State, size: int, heads: int) -> onnx.ModelProto:
    """The decoder with ``mask_input`` (N, 1, size/2, size/2), ``has_mask_input`` (N, 1), ``prompt_boxes`` (N, 4), ``heights`` (N, 1),
    ``other_boxes`` (N, K, 4), ``other_heights`` and ``other_ranks`` (N, K), ``start_appearance`` (N, 2 E), to the decoder's outputs
    and ``appearance`` (N, 2 E); keys without ``decoder.``"""
    state = {f"decoder.{key}": value for key, value in state.items()}
    graph = Graph("nano-propagator")
    embedding, boxes = inputs(graph, state, size)
    return completed(PropagatorGraph(graph, state, boxes, embedding, size), embedding, boxes, heads)


@dataclass(frozen=True)
class _Others:
    """The case's other prompts."""

    boxes: str
    heights: str
    ranks: str


class PropagatorGraph(DecoderGraph):
    """The decoder's parts with the mask of the neighbouring slice and the whole prompt, see networks/nano_propagator.py."""

    def __init__(self, graph: Graph, state: State, boxes: str, embedding: str, size: int) -> None:
        super().__init__(graph, state, boxes, size)
        g, side = graph, size // 8
        mask = g.input("mask_input", ("N", 1, 4 * side, 4 * side))
        has = g.input("has_mask_input", ("N", 1))
        mask = g.op("Mul", g.op("Tanh", g.op("Mul", mask, g.constant(0.5))), g.reshape(has, -1, 1, 1, 1))
        patches = g.transpose(g.reshape(mask, -1, side, 4, side, 4), 0, 1, 3, 2, 4)
        self.patches = g.reshape(patches, -1, side * side, 16)
        quarters = g.transpose(g.reshape(mask, -1, side, 2, 2, side, 2, 2), 0, 1, 4, 2, 5, 3, 6)
        self.quarters = g.reshape(quarters, -1, side * side, 4, 4)
        self.known = g.reshape(has, -1, 1, 1)
        self.prompt = self.placed(g.input("prompt_boxes", ("N", 4)))
        height = g.input("heights", ("N", 1))
        self.where = g.reshape(g.op("Concat", height, g.op("Mul", height, height), axis=1), -1, 1, 1, 2)
        self.others = _Others(*(g.input(f"other_{name}", ("N", "K", *axes)) for name, axes in
                                (("boxes", (4,)), ("heights", ()), ("ranks", ()))))
        looks, seen = state["decoder.look_object.weight"].shape
        seen_by_object = g.linear(g.input("start_appearance", ("N", seen)), state["decoder.look_object.weight"])
        alike = g.op("Mul", g.linear(embedding, state["decoder.look_pixel.weight"]), g.reshape(seen_by_object, -1, 1, looks))
        alike = g.transpose(g.reshape(alike, -1, side, 2, side, 2, looks), 0, 1, 3, 2, 4, 5)
        self.alike = g.reshape(alike, -1, side * side, 4, looks)

    def keys(self, embedding: str) -> str:
        g = self.graph
        mask = self.hidden(self.mask_linear(self.patches, self.known, "mask_key.0"), "mask_key.2")
        prompt = self.hidden(self.prompt_linear(1, "prompt_key.0"), "prompt_key.2")
        prompt = g.reshape(prompt, -1, (self.size // 8) ** 2, self.state["decoder.no_mask"].size)
        others = g.reshape(self.presence(1), -1, (self.size // 8) ** 2, 2)
        others = self.hidden(self.linear(others, "other_key.0"), "other_key.2")
        alike = g.op("ReduceMean", self.alike, g.constant([2], np.int64), keepdims=0)
        alike = g.linear(alike, self.state["decoder.look_key.weight"])
        return g.add(super().keys(embedding), g.add(g.add(mask, prompt), g.add(others, alike)))

    def fine_prompt(self, y: str) -> str:
        g, known = self.graph, self.graph.reshape(self.known, -1, 1, 1, 1)
        mask = self.mask_linear(self.quarters, known, "mask_up0")
        others = g.linear(self.presence(2), self.state["decoder.other_up0.weight"])
        alike = g.linear(self.alike, self.state["decoder.look_up0.weight"])
        return g.add(y, g.add(g.add(mask, self.prompt_linear(2, "prompt_up0")), g.add(others, alike)))

    def more_outputs(self, mask: str, embedding: str) -> None:
        channels = self.state["decoder.look_pixel.weight"].shape[1]
        self.graph.output(self.prototypes(mask, embedding), "appearance", ("N", 2 * channels))

    def prototypes(self, mask: str, embedding: str) -> str:
        """Mean embeddings of the object and of what is beside it in its prompt: (N, 2 E), see networks/prototypes.py."""
        g, fine = self.graph, self.size // 4
        inside = g.op("AveragePool", g.op("Sigmoid", mask), kernel_shape=[2, 2], strides=[2, 2])
        inside = g.reshape(inside, -1, 1, fine, fine)
        beside = g.op("Sub", g.constant(1), inside)
        centres = g.constant(((np.arange(fine) + 0.5) / fine)[None])
        for axis, layout in (("x", (-1, 1, 1, fine)), ("y", (-1, 1, fine, 1))):
            margin = g.op("Sub", self.prompt.half[axis], g.op("Abs", g.op("Sub", centres, self.prompt.centre[axis])))
            covered = g.op("Clip", self.affine(margin, fine, 0.5), g.constant(0), g.constant(1))
            beside = g.op("Mul", beside, g.reshape(covered, *layout))
        weights = g.reshape(g.op("Concat", inside, beside, axis=1), -1, 2, fine * fine)
        total = self.affine(g.op("ReduceSum", weights, g.constant([2], np.int64), keepdims=1), 1, 1e-3)
        channels = self.state["decoder.look_pixel.weight"].shape[1]
        return g.reshape(g.op("Div", g.matmul(weights, embedding), total), -1, 2 * channels)

    def presence(self, sub: int) -> str:
        """Of smaller and of larger others in each pixel: (N, side * side, sub * sub, 2), see networks/presence.py."""
        g, side = self.graph, self.size // 8
        centres = g.constant((np.arange(side * sub) + 0.5) / (side * sub))
        box = self.placed(self.others.boxes, 2)
        squared = {}
        for axis in "xy":
            relative = g.op("Div", g.op("Sub", centres, box.centre[axis]), box.half[axis])  # (N, K, side * sub)
            squared[axis] = self.affine(g.op("Mul", relative, relative), -0.5, 0)
        height = g.op("Unsqueeze", self.others.heights, g.constant([2], np.int64))
        rank = g.op("Unsqueeze", self.others.ranks, g.constant([2], np.int64))
        rows = g.op("Unsqueeze", squared["y"], g.constant([3], np.int64))
        columns = g.op("Sub", self.affine(squared["x"], 1, 1), self.affine(g.op("Mul", height, height), 0.5, 0))
        found = []
        for sign in (1, -1):
            # Others of the wrong rank are sent away per column (N K side values): per pixel (N K side^2) it would take most of the time.
            of_rank = g.add(columns, self.affine(g.op("Relu", g.op("Mul", rank, g.constant(sign))), _NOWHERE, -_NOWHERE))
            near = g.add(g.op("Unsqueeze", of_rank, g.constant([2], np.int64)), rows)  # (N, K, side * sub, side * sub)
            most = g.op("Clip", g.op("ReduceMax", near, g.constant([1], np.int64), keepdims=0), g.constant(0), g.constant(1))
            most = g.transpose(g.reshape(most, -1, side, sub, side, sub), 0, 1, 3, 2, 4)
            found.append(g.reshape(most, -1, side * side, sub * sub, 1))
        return g.op("Concat", *found, axis=3)

    def hidden(self, x: str, key: str) -> str:
        return self.graph.linear(self.graph.op("Relu", x), self.state[f"decoder.{key}.weight"])

    def prompt_linear(self, sub: int, key: str) -> str:
        """A layer over what a pixel knows of the prompt's box and the slice's height in it: (N, side * side, sub * sub, C)."""
        g = self.graph
        weight, bias = self.state[f"decoder.{key}.weight"], self.state.get(f"decoder.{key}.bias")
        features = g.linear(self.box_features(self.prompt, self.size // 8, sub), weight[:, :FEATURES], bias)
        return g.add(features, g.linear(self.where, weight[:, FEATURES:]))

    def mask_linear(self, mask: str, known: str, key: str) -> str:
        """A layer over the mask's values and, last, whether there is one: the same for all pixels."""
        g = self.graph
        weight, bias = self.state[f"decoder.{key}.weight"], self.state.get(f"decoder.{key}.bias")
        return g.add(g.linear(mask, weight[:, :-1], bias), g.op("Mul", known, g.constant(weight[:, -1])))
