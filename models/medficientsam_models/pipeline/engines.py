"""What the pipeline can run on: a network in PyTorch, or a bundle in ONNX Runtime."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from ..bundle.files import DECODER, ENCODER, PROPAGATOR


class Engine(Protocol):
    """Runs a network, whatever it runs on."""

    input_size: int

    def encode(self, image: np.ndarray) -> Any:
        """float32 (1, 3, S, S) in [0, 1] -> an embedding that only `decode` understands."""

    def decode(self, embedding: Any, boxes: np.ndarray) -> np.ndarray:
        """float32 boxes (N, 4), pixels / max(H, W) -> mask logits float32 (N, m, m) over the padded square."""


class Propagating(Engine, Protocol):
    """An engine that may have a decoder of its own for volumes."""

    @property
    def propagates(self) -> bool:
        """Whether it has one."""

    def propagate(self, embedding: Any, prompt: "PropagatorPrompt") -> tuple[np.ndarray, np.ndarray]:
        """Mask logits float32 (m, m), and prototypes float32 (2 E,) for further slices."""


@dataclass(frozen=True)
class PropagatorPrompt:
    """What a propagator is told of one object in one slice; boxes (4,) or (K, 4) in pixels / max(H, W), all float32."""

    box: np.ndarray            # expected in this slice
    prompt_box: np.ndarray     # drawn round the whole object
    height: float              # of the slice in it
    other_boxes: np.ndarray    # (K, 4), K may be 0
    other_heights: np.ndarray  # (K,)
    other_ranks: np.ndarray    # (K,): 1 lies on top of this object, -1 below
    before: tuple[np.ndarray, np.ndarray] | None  # the neighbouring slice's logits (m, m), and the prototypes (2 E,) where the way began


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
    """The graphs of a bundle folder."""

    def __init__(self, bundle: Path, input_size: int, threads: int = 1):
        import onnxruntime  # slow to import, and training has no use for it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.input_size = input_size
        self.encoder, self.decoder, self._propagator = (
            onnxruntime.InferenceSession(bundle / name, options, providers=["CPUExecutionProvider"])
            if name != PROPAGATOR or (bundle / name).is_file() else None
            for name in (ENCODER, DECODER, PROPAGATOR))

    @property
    def propagates(self) -> bool:
        """Whether the bundle has a decoder of its own for volumes."""
        return self._propagator is not None

    def encode(self, image: np.ndarray) -> np.ndarray:
        return self.encoder.run(["image_embeddings"], {"image": image})[0]

    def decode(self, embedding: np.ndarray, boxes: np.ndarray) -> np.ndarray:
        return self.decoder.run(["low_res_masks"], {"image_embeddings": embedding, "boxes": boxes})[0][:, 0]

    def propagate(self, embedding: np.ndarray, prompt: PropagatorPrompt) -> tuple[np.ndarray, np.ndarray]:
        """Mask logits (m, m) and the object's prototypes (2 E,), which the graph calls its appearance."""
        sizes = {arg.name: arg.shape[1:] for arg in self._propagator.get_inputs()}
        others = prompt.other_boxes, prompt.other_heights, prompt.other_ranks
        if not len(prompt.other_ranks):  # one of rank 0 is nothing
            others = np.zeros((1, 4), np.float32), np.zeros(1, np.float32), np.zeros(1, np.float32)
        logits, start = prompt.before or (np.zeros(sizes["mask_input"][1:], np.float32),
                                          np.zeros(sizes["start_appearance"], np.float32))
        masks, prototypes = self._propagator.run(["low_res_masks", "appearance"], {
            "image_embeddings": embedding, "boxes": prompt.box[None], "mask_input": logits[None, None],
            "has_mask_input": np.array([[prompt.before is not None]], np.float32), "prompt_boxes": prompt.prompt_box[None],
            "heights": np.array([[prompt.height]], np.float32), "start_appearance": start[None],
            **{f"other_{name}": values[None] for name, values in zip(("boxes", "heights", "ranks"), others, strict=True)}})
        return masks[0, 0], prototypes[0]
