"""One process of several that `torchrun` started, or the only one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from torch import distributed


@contextmanager
def joined(backend: str = "gloo") -> Iterator[None]:
    """Joins the processes that torchrun started, if it did, and leaves them whatever happens."""
    if "RANK" in os.environ:
        distributed.init_process_group(backend)
    try:
        yield
    finally:
        if distributed.is_initialized():
            distributed.destroy_process_group()


def place() -> tuple[int, int]:
    """Which of how many this is: rank, processes."""
    return (distributed.get_rank(), distributed.get_world_size()) if distributed.is_initialized() else (0, 1)
