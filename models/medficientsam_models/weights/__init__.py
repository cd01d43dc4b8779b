"""Where do a network's parameters come from? Files of every kind, or a formula that anybody can compute.

Does not know any network: it fills whatever module it is given, key by key.
"""
