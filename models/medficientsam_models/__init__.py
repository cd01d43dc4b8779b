"""Networks, training and export of the segmentation bundles that the Java function runs."""
