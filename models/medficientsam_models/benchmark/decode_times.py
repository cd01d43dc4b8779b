"""How a propagator's decode slows down with the number of other prompts that reach the slice, on one thread."""

import time
from pathlib import Path

import numpy as np
import onnxruntime

COUNTS = (1, 10, 30, 100, 300)


def inputs(session: onnxruntime.InferenceSession, others: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Random values for one prompt (N = 1) among K `others`, half of them smaller; boxes have their corners in order."""
    sizes = {"N": 1, "K": others}
    made = {i.name: rng.random([sizes.get(n, n) for n in i.shape], dtype=np.float32) for i in session.get_inputs()}
    for name in ("boxes", "prompt_boxes", "other_boxes"):
        corners = made[name].reshape(*made[name].shape[:-1], 2, 2)
        made[name] = np.sort(corners, axis=-2).reshape(made[name].shape)
    made["other_ranks"] = np.where(made["other_ranks"] < 0.5, -1, 1).astype(np.float32)
    return made


def seconds(propagator: Path, rounds: int) -> dict[int, float]:
    """The fastest of `rounds` decodes by number of others; the numbers take turns, so that other work on the machine hits all alike."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(propagator, options)
    rng = np.random.default_rng(0)
    cases = {count: inputs(session, count, rng) for count in COUNTS}
    best = dict.fromkeys(COUNTS, float("inf"))
    for _ in range(rounds):
        for count, values in cases.items():
            start = time.perf_counter()
            session.run(None, values)
            best[count] = min(best[count], time.perf_counter() - start)
    return best
