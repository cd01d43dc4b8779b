"""How do weights learn? On a CPU or a GPU, supervised or distilled from a teacher.

    index.csv -> LabelledImage -> augmented -> prompted with boxes -> batch -> objective -> step -> average -> validation

`images` reads, `augmentation` and `prompts` vary, `mixture` decides what is shown how often, `objectives` says what is wrong with
an answer, `loop` improves it, `validation` scores it as the deployed pipeline would, `curve` draws how that went.

Does not know ONNX or manifests: what it leaves behind are weights.
"""
