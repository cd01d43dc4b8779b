"""How fast can it be? Untrained bundles of every form for the Java benchmark, and what prompts cost a propagator.

Does not know accuracy: nothing here has seen an image.
"""
