"""What do the networks compute? Written from their published descriptions: one definition for training, checkpoints and export.

Does not know where parameters come from, how images become inputs, or what a mask is used for.
"""
