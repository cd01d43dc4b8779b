"""What is the label map of a case? The pipeline of the Java segmenter, written a second time, to validate and to compare with.

Does not know what is right: no ground truth, no scores. Nor what the network is: an engine encodes and decodes.
"""
