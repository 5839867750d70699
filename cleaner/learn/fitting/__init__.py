"""``cleaner-learn fit`` and ``wording``: the weights that score the blocks of pages and the lines of texts.

::

    html         lexicons, page types, and the trees of both stages: html.npz
    text         the trees of texts: text.npz
    wording      residue in words that no rule knows: wording.npz

    lexicons     what words, tags, classes and ids say
    page_types   from the profile of a page to its type
    boosting     training rows, and the trees that are fitted on them
    rule_counts  how often rules are right about what the model would keep, in html.npz
    command      fits, prints the reports of :mod:`cleaner.learn.measuring`, and writes

The settings are in :mod:`cleaner.learn.hyperparameters`.
"""
