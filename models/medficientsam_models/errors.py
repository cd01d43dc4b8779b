"""Errors whose cause is in what the caller gave; each message names the field, what was expected and what was found."""


class InvalidInputError(ValueError):
    """A file or argument from the caller is not what it must be. The command line prints the message and nothing else."""
