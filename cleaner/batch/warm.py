"""Imported by the process from which the workers of ``cleaner batch`` are forked: it loads what all of them need.

A worker then starts in some milliseconds, and shares the memory of weights and rules with the others.
"""

import gc
from contextlib import suppress

from cleaner.api import Cleaner
from cleaner.batch.cleaning import load_all

with suppress(Exception):  # each worker loads the rest, and its error says why no worker can start
    load_all(Cleaner())
gc.freeze()  # the collector would write to the shared memory, and so copy it
