"""``cleaner-learn bench``: CPU time, memory and scores of ``cleaner`` and other extractors on the same pages.

::

    corpora → sample → session.run: a worker for each extractor → records → report: tables, JSON
                     → cold.measure: new processes for one page            → plot: quality against time
                     → growth.measure: generated pages

- :mod:`~cleaner.learn.bench.extractors`: what is compared.
- :mod:`~cleaner.learn.bench.worker`: the process of one extractor, which takes the time.
- :mod:`~cleaner.learn.bench.session`: the order of the pages and of the extractors, and the run.
- :mod:`~cleaner.learn.bench.stages`: the time of ``clean()`` by stage.
- :mod:`~cleaner.learn.bench.cold`: import and first page.
- :mod:`~cleaner.learn.bench.growth`: how time grows with the size of a page.
- :mod:`~cleaner.learn.bench.report`: statistics and tables.
- :mod:`~cleaner.learn.bench.plot`: the figure.
- :mod:`~cleaner.learn.bench.command`: the options of the command, and the run of all of these.

Each extractor has a process of its own, in which nothing else runs: so no cache, no garbage and no memory is another's.
One of these processes is busy at a time.
"""
