"""What is published? The rows of the published tables, and what their networks compute with weights by formula.

Does not know how to train or to export; what it computes is for other implementations to be compared with.
"""
