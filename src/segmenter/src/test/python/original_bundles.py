"""Writes two tiny bundles with the signatures of the original project's exports, and no weights.

The "network" averages 8 x 8 pixels into the embedding; the "decoder" calls a pixel mask where its block is brighter than
half and lies inside the box. So a test can say by itself what must come out.

Made with onnx 1.23 (opset 17):
    python src/segmenter/src/test/python/original_bundles.py src/segmenter/src/test/resources/bundles
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIZE = 512
BLOCK = 8
GRID = SIZE // BLOCK


def constant(name: str, value: np.ndarray) -> onnx.TensorProto:
    return numpy_helper.from_array(value, name)


def model(name: str, nodes: list, inputs: list, outputs: list, constants: list) -> onnx.ModelProto:
    graph = helper.make_graph(nodes, name, inputs, outputs, constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(made, full_check=True)
    return made


def pool(source: str) -> onnx.NodeProto:
    return helper.make_node(
        "AveragePool", [source], ["image_embeddings"], kernel_shape=[BLOCK, BLOCK], strides=[BLOCK, BLOCK]
    )


EMBEDDING = helper.make_tensor_value_info("image_embeddings", TensorProto.FLOAT, [1, 3, GRID, GRID])


def scaled_encoder() -> onnx.ModelProto:
    """float32 (512, 512, 3), min-max scaled and padded by the caller: for the C++ program."""
    nodes = [
        helper.make_node("Transpose", ["image"], ["chw"], perm=[2, 0, 1]),
        helper.make_node("Unsqueeze", ["chw", "zero"], ["nchw"]),
        pool("nchw"),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [SIZE, SIZE, 3])
    return model("encoder", nodes, [image], [EMBEDDING], [constant("zero", np.array([0], np.int64))])


def raw_encoder() -> onnx.ModelProto:
    """uint8 (H, W, 3) and int16 original_size: resizes, scales and pads in the graph."""
    nodes = [
        helper.make_node("Transpose", ["image"], ["chw"], perm=[2, 0, 1]),
        helper.make_node("Unsqueeze", ["chw", "zero"], ["nchw"]),
        helper.make_node("Cast", ["original_size"], ["size"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMax", ["size"], ["longer"], keepdims=0),
        helper.make_node("Div", ["input_size", "longer"], ["scale"]),
        helper.make_node("Mul", ["size", "scale"], ["exact"]),
        helper.make_node("Add", ["exact", "half"], ["above"]),
        helper.make_node("Floor", ["above"], ["whole"]),
        helper.make_node("Cast", ["whole"], ["scaled"], to=TensorProto.INT64),
        helper.make_node("Concat", ["one_three", "scaled"], ["sizes"], axis=0),
        helper.make_node(
            "Resize",
            ["nchw", "", "", "sizes"],
            ["resized"],
            mode="linear",
            coordinate_transformation_mode="pytorch_half_pixel",
        ),
        helper.make_node("Cast", ["resized"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMin", ["pixels"], ["min"], keepdims=0),
        helper.make_node("ReduceMax", ["pixels"], ["max"], keepdims=0),
        helper.make_node("Sub", ["max", "min"], ["difference"]),
        helper.make_node("Max", ["difference", "tiny"], ["range"]),
        helper.make_node("Sub", ["pixels", "min"], ["above_min"]),
        helper.make_node("Div", ["above_min", "range"], ["unit"]),
        helper.make_node("Sub", ["input_size_int", "scaled"], ["padding"]),
        helper.make_node("Concat", ["six_zeros", "padding"], ["pads"], axis=0),
        helper.make_node("Pad", ["unit", "pads"], ["padded"]),
        pool("padded"),
    ]
    constants = [
        constant("zero", np.array([0], np.int64)),
        constant("input_size", np.array(SIZE, np.float32)),
        constant("input_size_int", np.array([SIZE, SIZE], np.int64)),
        constant("half", np.array(0.5, np.float32)),
        constant("one_three", np.array([1, 3], np.int64)),
        constant("tiny", np.array(1e-8, np.float32)),
        constant("six_zeros", np.zeros(6, np.int64)),
    ]
    inputs = [
        helper.make_tensor_value_info("image", TensorProto.UINT8, ["image_height", "image_width", 3]),
        helper.make_tensor_value_info("original_size", TensorProto.INT16, [2]),
    ]
    return model("encoder", nodes, inputs, [EMBEDDING], constants)


def decoder() -> onnx.ModelProto:
    """One box (4) in units of the longer side -> masks (1, 1, 512, 512)."""
    nodes = [
        helper.make_node("ReduceMean", ["image_embeddings"], ["grey"], axes=[1], keepdims=1),
        helper.make_node("Resize", ["grey", "", "scales"], ["bright"], mode="nearest"),
        helper.make_node("Sub", ["bright", "half"], ["brightness"]),
        helper.make_node("Split", ["boxes"], ["x_min", "y_min", "x_max", "y_max"], axis=0),
        helper.make_node("Sub", ["x", "x_min"], ["left"]),
        helper.make_node("Sub", ["x_max", "x"], ["right"]),
        helper.make_node("Sub", ["y", "y_min"], ["top"]),
        helper.make_node("Sub", ["y_max", "y"], ["bottom"]),
        helper.make_node("Min", ["brightness", "left", "right", "top", "bottom"], ["masks"]),
    ]
    centres = ((np.arange(SIZE) + 0.5) / SIZE).astype(np.float32)
    constants = [
        constant("scales", np.array([1, 1, BLOCK, BLOCK], np.float32)),
        constant("half", np.array(0.5, np.float32)),
        constant("x", centres.reshape(1, 1, 1, SIZE)),
        constant("y", centres.reshape(1, 1, SIZE, 1)),
    ]
    boxes = helper.make_tensor_value_info("boxes", TensorProto.FLOAT, [4])
    masks = helper.make_tensor_value_info("masks", TensorProto.FLOAT, [1, 1, SIZE, SIZE])
    return model("decoder", nodes, [EMBEDDING, boxes], [masks], constants)


def main() -> None:
    for name, encoder in (("original-scaled", scaled_encoder()), ("original-raw", raw_encoder())):
        folder = Path(sys.argv[1]) / name
        folder.mkdir(parents=True, exist_ok=True)
        onnx.save(encoder, folder / "encoder.onnx")
        onnx.save(decoder(), folder / "decoder.onnx")


if __name__ == "__main__":
    main()
