"""How does a network run fast on a CPU? Graphs written operator by operator for ONNX Runtime's kernels, and their INT8 form.

Does not know PyTorch modules, but for the baseline in `plain`: it reads a state dict and writes operators.
"""

from .write import export_bundle

__all__ = ["export_bundle"]
