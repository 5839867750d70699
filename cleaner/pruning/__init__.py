"""Takes the residue out of a copy of the caller's own tree: :func:`cleaner.prune`.

- :mod:`~cleaner.pruning.copies` copies a tree and numbers its leaves, which are texts and pictures.
- :mod:`~cleaner.pruning.trace` segments the copy and says of which leaves each block is made.
- :mod:`~cleaner.pruning.fates` decides which leaves stay.
- :mod:`~cleaner.pruning.plan` decides which elements go with the others.
- :mod:`~cleaner.pruning.prune` calls them in this order, and makes the :mod:`~cleaner.pruning.result`.
"""
