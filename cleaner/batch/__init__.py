"""Batch runs: ``cleaner batch`` and ``clean_many()``.

A record that fails costs only itself, and a run that was interrupted can continue.

The modules, in the order in which a record passes through them:

- :mod:`~cleaner.batch.reading`: inputs become records (:mod:`~cleaner.batch.records`), with
  :mod:`~cleaner.batch.parquet` for tables and :mod:`~cleaner.batch.warc` for archives
- :mod:`~cleaner.batch.chunks`: records are gathered in chunks, and their results come in order
- :mod:`~cleaner.batch.pool`: chunks of records are assigned to workers (as many as :mod:`~cleaner.batch.cores` says),
  and retried if a record ends one
- :mod:`~cleaner.batch.process`: a worker process as the main process sees it
  (:mod:`~cleaner.batch.warm` is what it imports before it is forked)
- :mod:`~cleaner.batch.worker`: what runs in a worker process, with limits on time and memory
- :mod:`~cleaner.batch.cleaning`: the work on one record; its result (:mod:`~cleaner.batch.results`) is lines of JSON
  (:mod:`~cleaner.batch.jsonlines`)
- :mod:`~cleaner.batch.writing`: part files, and the checkpoint
- :mod:`~cleaner.batch.run`: a run from its start, or from its checkpoint, to its end, with
  :mod:`~cleaner.batch.progress` on a terminal and a :mod:`~cleaner.batch.summary`

:mod:`~cleaner.batch.many` is the same for Python: sources in, results out, on all cores, without files.
:mod:`~cleaner.batch.gather` is the first pass over the records, in which a site memory is made.
"""
