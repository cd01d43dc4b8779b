"""What the pipeline can run on: a network in PyTorch, or a bundle in ONNX Runtime."""

from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from ..bundle.files import DECODER, ENCODER


class Engine(Protocol):
    """Runs a network, whatever it runs on."""

    input_size: int

    def encode(self, image: np.ndarray) -> Any:
        """float32 (1, 3, S, S) in [0, 1] -> an embedding that only `decode` understands."""

    def decode(self, embedding: Any, boxes: np.ndarray) -> np.ndarray:
        """float32 boxes (N, 4), pixels / max(H, W) -> mask logits float32 (N, m, m) over the padded square."""


class TorchEngine:
    """A network of any variant, on whatever device it is on."""

    def __init__(self, model: nn.Module):
        self._model = model.eval()
        self._device = next(model.parameters()).device
        self.input_size: int = model.input_size

    @torch.no_grad()
    def encode(self, image: np.ndarray) -> Tensor:
        return self._model.encode(torch.from_numpy(image).to(self._device))

    @torch.no_grad()
    def decode(self, embedding: Tensor, boxes: np.ndarray) -> np.ndarray:
        masks, _ = self._model.decode(embedding, torch.from_numpy(boxes).to(self._device))
        return masks[:, 0].float().cpu().numpy()


class OnnxEngine:
    """The two graphs of a bundle folder."""

    def __init__(self, bundle: Path, input_size: int, threads: int = 1):
        import onnxruntime  # slow to import, and training has no use for it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.input_size = input_size
        self.encoder, self.decoder = (
            onnxruntime.InferenceSession(bundle / name, options, providers=["CPUExecutionProvider"])
            for name in (ENCODER, DECODER))

    def encode(self, image: np.ndarray) -> np.ndarray:
        return self.encoder.run(["image_embeddings"], {"image": image})[0]

    def decode(self, embedding: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        return self.decoder.run(["low_res_masks"], {"image_embeddings": embedding, "boxes": boxes})[0][:, 0]
