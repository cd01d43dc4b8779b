"""Do two folders of images show the same? What is trained on must not be what is evaluated on, whole, resized, turned or cut out.

    training folder, evaluation folder -> `pictures` -> `descriptors` -> candidates -> compared pixel by pixel -> pairs (`near_duplicates`)

Does not know networks, prompts or scores, and does not change a folder: it lists what it finds.
"""
