"""``cleaner batch`` with a stand-in for the pipeline, which needs no weights and sleeps instead of computing.

Tests of what goes on around the pipeline (workers, part files, checkpoints) use it: workers start in a fraction of the
time, and a run is long enough to be interrupted without costing processor time. As a program it takes the arguments of
``cleaner``: ``python -m tests.stand_in batch in.jsonl -o out.jsonl``.
"""

import sys
import time

from cleaner.batch import cleaning
from cleaner.document import Block, Label
from cleaner.export.record import record_fields

#: Seconds for each record.
SECONDS = 0.002


class SleepingCleaning(cleaning.Cleaning):
    """Does everything that ``Cleaning`` does, except that the text is the first 300 characters of the source."""

    __slots__ = ()
    PRELOAD = "tests.stand_in"

    def prepare(self) -> None:
        cleaning.run_pipeline = _sleep


class UnpreparedCleaning(SleepingCleaning):
    """Work that no worker can be prepared for."""

    __slots__ = ()

    def prepare(self) -> None:
        raise RuntimeError("no weights")


def _sleep(cleaner, request, record, *, label_removed):
    time.sleep(SECONDS)
    words = len(request.source.split())
    facts = {"title": "Title", "lang": "en", "kind": "html", "page_type": "article", "confidence": 0.9, "flags": ()}
    removed = (Block("Home", Label.NAVIGATION), Block("Photo: Odd Brekke", Label.CAPTION)) if label_removed else ()
    return cleaning.PipelineResult(record_fields(text=request.source[:300], **facts), words, 2, removed)


if __name__ == "__main__":
    from cleaner.cli import batch
    from cleaner.cli.main import main
    from tests import stand_in  # by its name: workers do not import the module that runs as the program

    batch.Cleaning = stand_in.SleepingCleaning
    sys.exit(main())
