"""Where do a network's parameters come from? Files of every kind, or a formula that anybody can compute.

Fills whatever module it is given, key by key, and does not know what a network computes; `recognise` alone knows which keys and
shapes each has.
"""
