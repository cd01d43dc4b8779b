"""How good are label maps, and how far are two bundles from each other? Annotated cases, DSC, and what quantisation costs.

Does not know how a bundle is made, nor judge what it measures.
"""
