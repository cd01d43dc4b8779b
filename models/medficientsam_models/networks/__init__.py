"""The networks, written from their published descriptions: one definition for training, loading checkpoints and export."""
