"""Networks, training and export of the segmentation bundles that the Java function runs.

    checkpoint or images -> network -> ONNX graphs -> bundle -> label map of a case

Packages, each importing only those above it: `bundle` (the folder and its manifest), `networks` (the networks in PyTorch), `weights`
(their parameters), `pipeline` (a case to its label map), `evaluation` (how good label maps are), `verification` (whether a bundle is
what it says), `export` (networks as ONNX graphs), `reference` (outputs to compare with), `splits` (whether two folders show the same),
`training`, `benchmark`, `commands`.
"""
