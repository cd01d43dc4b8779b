"""What can a user ask for? One module per command: `configure(parser)` says its options, `run(args)` does it.

Does not know how anything is done: a command reads its options, calls one package or two, and prints.
"""
