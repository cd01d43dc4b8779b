"""State dict in, ONNX out: graphs written operator by operator for ONNX Runtime's CPU kernels, and their INT8 form."""

from .write import export_bundle

__all__ = ["export_bundle"]
