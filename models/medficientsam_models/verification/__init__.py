"""Is a bundle what its manifest says? Hashes, signatures, and the parameters and multiply-accumulates of the network it names.

Does not know how good its masks are.
"""
