"""How many workers there may be."""

import os
from typing import Final

#: Workers for each core, at most: cleaning takes processor time alone, so more of them only compete for it.
MAX_PER_CORE: Final = 2


def count_cores() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def count_workers(asked_for: int | None) -> int:
    """The number of workers: one for each core, or as many as are asked for, up to the maximum for these cores.

    Raises ``ValueError`` for a number that is no whole number of 1 or more.
    """
    cores = count_cores()
    if asked_for is None:
        return cores
    if isinstance(asked_for, bool) or not isinstance(asked_for, int) or asked_for < 1:
        raise ValueError(f"workers is a whole number of 1 or more, not {asked_for!r}")
    return min(asked_for, MAX_PER_CORE * cores)
