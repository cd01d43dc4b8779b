"""What is a bundle? The folder, the manifest in it, and the files that the manifest pins; models/SCHEMA.md is normative.

Does not know networks, PyTorch or ONNX: files are bytes with a hash here.
"""
