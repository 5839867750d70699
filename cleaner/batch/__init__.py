"""Many pages at once: ``cleaner batch``. A record that fails costs only itself, and a run that is cut off goes on.

The parts, in the order in which a record passes them:

- :mod:`~cleaner.batch.reading`: inputs become records, of which none is opened yet
- :mod:`~cleaner.batch.workers`: processes with limits on time and memory, replaced where a record ends one
- :mod:`~cleaner.batch.cleaning`: what a worker makes of one record
- :mod:`~cleaner.batch.writing`: whole lines into part files, and the checkpoint that says how far they are good
- :mod:`~cleaner.batch.parquet`: tables in and out
- :mod:`~cleaner.batch.run`: a run from its start, or its checkpoint, to its end
- :mod:`~cleaner.cli.batch`: the command line
"""
